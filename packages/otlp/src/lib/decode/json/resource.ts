import { semconv } from "@slipstream/conventions";
import type { Resource } from "../model.ts";
import { AttributesReader } from "./attributes.ts";
import { FieldNames, messageFields } from "./fields.ts";
import type { JsonReader } from "./reader.ts";
import { type ObjectFields, readNow } from "./structure.ts";

const names = messageFields(["attributes"]);
const keys = new FieldNames<keyof Resource>([
  [semconv.serviceName, "service"],
  [semconv.serviceInstanceId, "instance"],
  [semconv.desk, "desk"],
]);

type Draft = { -readonly [Field in keyof Resource]: Resource[Field] };

/** Reads who sent the items of a ResourceSpans or a ResourceMetrics. */
export class ResourceReader {
  readonly #reader: JsonReader;
  readonly #where: string;
  readonly #attributes: AttributesReader<keyof Resource>;
  readonly #fields: ObjectFields;
  #resource: Draft = unknownResource();

  constructor(reader: JsonReader, where: string) {
    this.#reader = reader;
    this.#where = `${where}.resource`;
    this.#attributes = new AttributesReader(reader, keys, `${this.#where}.attributes`, (field, value) => {
      const { scalar } = value;
      if (scalar !== undefined && scalar !== "") this.#resource[field] = String(scalar);
    });
    this.#fields = {
      names,
      read: () => void this.#attributes.readList(),
      forget: () => this.forget(),
    };
  }

  /** Begins the next one. Its items share the object, which is filled where the resource stands: it may stand behind them. */
  next(): Resource {
    this.#resource = unknownResource();
    return this.#resource;
  }

  /** Reads the value that comes next into it. */
  read(): undefined {
    const reader = this.#reader;
    reader.enter("resource");
    if (reader.kind() === "object") readNow(reader, this.#fields);
    else {
      reader.wrong(this.#where, "an object");
      reader.skip();
    }
    reader.leave();
  }

  /** Forgets what was read of it. */
  forget(): void {
    Object.assign(this.#resource, unknownResource());
  }
}

const unknownResource = (): Draft => ({ service: "unknown_service", instance: "", desk: "" });
