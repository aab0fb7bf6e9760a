// The one face of the engine: GUI, CLI, REST and MCP are clients of this and of nothing else in the engine. There are
// two implementations, in process and over HTTP; a client cannot tell which it has.
//
// Rules (after Bitcoin Core's src/interfaces): pure virtual; small, one concern a header; arguments are plain values
// that could be sent over a wire; no overloads; a subscription is an object whose destruction ends it.
#pragma once

#include "engine/interfaces/admin.h"
#include "engine/interfaces/commands.h"
#include "engine/interfaces/decisions.h"
#include "engine/interfaces/events.h"
#include "engine/interfaces/exec.h"
#include "engine/interfaces/images.h"
#include "engine/interfaces/logs.h"
#include "engine/interfaces/membership.h"
#include "engine/interfaces/network.h"
#include "engine/interfaces/nodes.h"
#include "engine/interfaces/usage.h"
#include "engine/interfaces/workloads.h"

namespace univrs::interfaces {

class Engine {
public:
  virtual ~Engine() = default;
  virtual Workloads& workloads() = 0;
  virtual Nodes& nodes() = 0;
  virtual Decisions& decisions() = 0;
  virtual Events& events() = 0;
  virtual Logs& logs() = 0;
  virtual Exec& exec() = 0;
  virtual Usage& usage() = 0;
  virtual Images& images() = 0;
  virtual Network& network() = 0;
  virtual Membership& membership() = 0;
  virtual Commands& commands() = 0;
  virtual Admin& admin() = 0;
};

} // namespace univrs::interfaces
