// The OpenAPI 3.1 document, made from the route table and the schemas below it.
#pragma once

#include <QJsonObject>

#include <string>
#include <vector>

namespace univrs::api {

struct Route;

// The document as JSON text.
std::string openApiDocument(const std::vector<Route>& routes);
// components/schemas: from resources/openapi/univrs.json, which is built in.
QJsonObject openApiSchemas();

} // namespace univrs::api
