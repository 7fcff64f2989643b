"""Reads an OpenMetrics exposition with prometheus_client's parser; prints its families as JSON."""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families


def exemplar(sample):
    found = sample.exemplar
    return found and {"labels": found.labels, "value": found.value, "timestamp": float(found.timestamp)}


families = [
    {
        "name": family.name,
        "type": family.type,
        "unit": family.unit,
        "help": family.documentation,
        "samples": [
            # Text, for JSON has no infinities.
            {"name": s.name, "labels": s.labels, "value": repr(float(s.value)), "exemplar": exemplar(s)}
            for s in family.samples
        ],
    }
    for family in text_string_to_metric_families(sys.stdin.read())
]
json.dump(families, sys.stdout)
