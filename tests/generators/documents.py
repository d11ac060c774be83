"""Documents of six kinds, one each."""

MANIFESTS = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 3
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: web, image: "shop/web:7", ports: [{containerPort: 8080}], envFrom: [{secretRef: {name: keys}}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: front}
spec: {selector: {app: shop}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: door}
spec: {rules: [{host: shop.example, http: {paths: [{path: /buy, backend: {service: {name: front, port: {number: 80}}}}]}}]}
"""
API = """
openapi: 3.0.0
info: {title: Shop, version: "1.2"}
servers: [{url: https://shop.example/v1}]
paths:
  /boats/{id}:
    parameters: [{$ref: '#/components/parameters/Id'}]
    get:
      operationId: getBoat
      summary: One boat
      tags: [boats]
      parameters: [{name: unit, in: query, schema: {type: string, enum: [m, ft], default: m}}]
      responses: {200: {content: {application/json: {schema: {$ref: '#/components/schemas/Boat'}}}}, 404: {description: none}}
  /boats:
    post:
      operationId: addBoat
      tags: [boats]
      parameters: [{name: dry, in: header}]
      requestBody: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Boat'}}}}}
      responses: {201: {description: made}}
components:
  parameters: {Id: {name: id, in: path, required: true, schema: {type: integer}}}
  schemas:
    Boat: {required: [name], properties: {name: {type: string}, sails: {type: integer}}}
    Quay: {properties: {depth: {type: number}}}
"""
COMPOSE = """
services:
  web:
    image: "shop/web:${TAG:-7}"
    ports: ["${PORT:-8080}:80", "8443:443"]
    depends_on: {cart: {condition: service_healthy}, mail: {required: false, condition: service_started}}
  cart: {image: shop/cart:2, ports: ["9300-9301:9300-9301"], depends_on: [store]}
  store: {image: postgres:17, networks: [inner]}
  mail: {image: mail:1, networks: [inner]}
"""
MODELS = """
# Berths

```mermaid
flowchart TD
  Ask[Ask] --> Free{Free}
  Free -- yes --> Take[Take]
  Free -- no --> Wait[Wait]
```

```mermaid
stateDiagram-v2
  [*] --> Empty
  Empty --> Moored : boat comes
  Moored --> [*]
```

```mermaid
classDiagram
  Boat <|-- Yawl
  Boat *-- Mast
```

```mermaid
erDiagram
  QUAY ||--o{ BERTH : has
```
"""
GUIDE = """
Mooring
=======

The quay takes :class:`shop.Boat` objects up to twelve metres long, longer ones wait outside.

Depths
------

+-------+-------+
| quay  | depth |
+=======+=======+
| north | 4     |
+-------+-------+
| south | 7     |
+-------+-------+

Fees by season
--------------

======  ====
season  fee
======  ====
summer  90
winter  35
======  ====
"""
LAYERS = """
digraph {
  subgraph cluster_a { label=edge; door; guard }
  subgraph cluster_b { label=trade; cart; till }
  door -> guard -> cart;
  cart -> till;
  cart -> store;
}
"""
