// For engines in which one object is all of the concerns: hands itself out as each.
#pragma once

#include "engine/interfaces/engine.h"

namespace univrs::interfaces {

class OneObjectEngine : public Engine,
                        public Workloads,
                        public Nodes,
                        public Decisions,
                        public Events,
                        public Logs,
                        public Exec,
                        public Usage,
                        public Images,
                        public Network,
                        public Membership,
                        public Commands,
                        public Admin {
public:
  Workloads& workloads() final { return *this; }
  Nodes& nodes() final { return *this; }
  Decisions& decisions() final { return *this; }
  Events& events() final { return *this; }
  Logs& logs() final { return *this; }
  Exec& exec() final { return *this; }
  Usage& usage() final { return *this; }
  Images& images() final { return *this; }
  Network& network() final { return *this; }
  Membership& membership() final { return *this; }
  Commands& commands() final { return *this; }
  Admin& admin() final { return *this; }
};

} // namespace univrs::interfaces
