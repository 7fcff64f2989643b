/**
 * OpenTelemetry's own names that Slipstream reads, so that services instrumented with stock OpenTelemetry are
 * counted too. Source: OpenTelemetry semantic conventions 1.30, plus older spellings that instrumentations
 * still emit.
 */
export const semconv = {
  serviceName: "service.name",
  serviceInstanceId: "service.instance.id",
  serviceVersion: "service.version",
  desk: "slipstream.desk",
  rpcSystem: "rpc.system",
  rpcSystemName: "rpc.system.name",
  rpcMethod: "rpc.method",
  rpcService: "rpc.service",
  httpMethod: "http.request.method",
  httpMethodOld: "http.method",
  httpStatus: "http.response.status_code",
  httpStatusOld: "http.status_code",
  urlFull: "url.full",
  urlFullOld: "http.url",
  urlPath: "url.path",
  serverAddress: "server.address",
  serverAddressOld: "net.peer.name",
  serverPort: "server.port",
  serverPortOld: "net.peer.port",
  dbSystem: "db.system.name",
  dbSystemOld: "db.system",
  dbOperation: "db.operation.name",
  dbOperationOld: "db.operation",
  dbQuery: "db.query.text",
  dbQueryOld: "db.statement",
  dbQuerySummary: "db.query.summary",
  errorType: "error.type",
  exceptionEvent: "exception",
  exceptionType: "exception.type",
  exceptionMessage: "exception.message",
  exceptionStacktrace: "exception.stacktrace",
} as const;
