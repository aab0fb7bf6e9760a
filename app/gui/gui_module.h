// The window as a module that the program loads only when it is wanted, so that a headless node neither loads nor needs
// any GUI library.
#pragma once

#include "engine/interfaces/engine.h"

#include <QtPlugin>

#include <string>

class QCoreApplication;

namespace univrs::gui {

struct GuiOptions {
  std::string endpoint; // what it is connected to, for people: "this computer" or a URL
  bool remote = false;
};

class GuiModule {
public:
  virtual ~GuiModule() = default;
  // A QApplication; needs a display (the caller has checked).
  virtual QCoreApplication* createApplication(int& argc, char** argv) = 0;
  // Shows the window at once, fills it from `engine` (which answers on this thread, and says through its watch when it
  // is not connected yet), returns the exit code when the window closes.
  virtual int run(QCoreApplication& app, interfaces::Engine& engine, const GuiOptions& options) = 0;
  // The developer's view of all components; with `shotsFolder` pictures of its pages are written there instead of
  // shown.
  virtual int runGallery(QCoreApplication& app, const std::string& shotsFolder) = 0;
};

} // namespace univrs::gui

Q_DECLARE_INTERFACE(univrs::gui::GuiModule, "io.univrs.GuiModule/1")
