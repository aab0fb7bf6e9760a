// Dark, light, or as the desktop has it; remembered between starts.
#pragma once

#include <QObject>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

class Appearance : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(Choice choice READ choice WRITE setChoice NOTIFY changed)
  Q_PROPERTY(bool dark READ dark NOTIFY changed)
  Q_PROPERTY(QString choiceName READ choiceName NOTIFY changed)
  Q_PROPERTY(QString textFamily READ textFamily CONSTANT)
  Q_PROPERTY(QString monoFamily READ monoFamily CONSTANT)
public:
  enum Choice { System, Light, Dark };
  Q_ENUM(Choice)

  explicit Appearance(QObject* parent = nullptr);
  [[nodiscard]] Choice choice() const { return m_choice; }
  void setChoice(Choice choice);
  [[nodiscard]] bool dark() const;
  [[nodiscard]] QString choiceName() const;
  Q_INVOKABLE void next();
  // Inter and JetBrains Mono, or what the system has instead.
  [[nodiscard]] QString textFamily() const;
  [[nodiscard]] QString monoFamily() const;

Q_SIGNALS:
  void changed();

protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

private:
  Choice m_choice = System;
};

} // namespace univrs::gui
