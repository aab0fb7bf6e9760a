// Destruction from the event loop of things whose own code may still be on the call stack. Unlike QObject::deleteLater
// it works for anything, and nothing is leaked when the loop ends first.
#pragma once

#include <QAbstractEventDispatcher>
#include <QMetaObject>

#include <memory>

namespace univrs::p2p {

template <class T>
void destroyLater(std::unique_ptr<T> thing) {
  QAbstractEventDispatcher* loop = QAbstractEventDispatcher::instance(); // of this thread
  if (thing && loop != nullptr) {
    // What the call holds dies with it, whether it ran or not.
    QMetaObject::invokeMethod(
        loop, [held = std::shared_ptr<T>(std::move(thing))] {}, Qt::QueuedConnection);
  }
}

} // namespace univrs::p2p
