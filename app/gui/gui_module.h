// The window as a module that the program loads only when it is wanted, so that a headless node neither loads nor needs
// any GUI library.
#pragma once

#include "engine/interfaces/engine.h"

#include <QtPlugin>

#include <functional>
#include <memory>
#include <string>
#include <vector>

class QCoreApplication;

namespace univrs::gui {

// Where a node elsewhere is reached, and how.
struct NodeAddress {
  std::string url;
  std::string token;  // empty = none
  std::string caFile; // PEM; empty = the system's authorities
  bool insecure = false;
};
// Makes the engine of such a node; answers on the calling thread and never fails by itself.
using EngineFactory = std::function<std::unique_ptr<interfaces::Engine>(const NodeAddress&)>;

struct GuiOptions {
  EngineFactory makeEngine;            // must be set when connectTo is, or when the window may add nodes
  std::vector<NodeAddress> connectTo;  // shown besides (or, without an engine here, instead of) this computer
  bool stopsWorkloads = false;         // the engine here stops its workloads when it ends
  std::function<void()> stopWorkloads; // from now on it will
};

class GuiModule {
public:
  virtual ~GuiModule() = default;
  // A QApplication; needs a display (the caller has checked).
  virtual QCoreApplication* createApplication(int& argc, char** argv) = 0;
  // Shows the window at once, fills it from `engine` (this computer's; null = none here) and the nodes of
  // options.connectTo, each of which answers on this thread and says through its watch when it is not connected yet.
  // Returns the exit code when the window closes.
  virtual int run(QCoreApplication& app, interfaces::Engine* engine, const GuiOptions& options) = 0;
  // The developer's view of all components; with `shotsFolder` pictures of its pages are written there instead of
  // shown.
  virtual int runGallery(QCoreApplication& app, const std::string& shotsFolder) = 0;
};

} // namespace univrs::gui

Q_DECLARE_INTERFACE(univrs::gui::GuiModule, "io.univrs.GuiModule/2")
