// The few things a person can choose about the window, as one searchable list; each takes effect at once unless it says
// otherwise, and is kept in $XDG_CONFIG_HOME/univrs.
#pragma once

#include "app/gui/appearance.h"

#include <QAbstractListModel>
#include <QStringList>
#include <QVariant>

#include <vector>

namespace univrs::gui {

class Settings : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Desk")
  Q_PROPERTY(QString filter READ filter WRITE setFilter NOTIFY filterChanged)
  Q_PROPERTY(int count READ count NOTIFY filterChanged)
  Q_PROPERTY(bool reducedMotion READ reducedMotion NOTIFY changed)
  Q_PROPERTY(bool compact READ compact NOTIFY changed)
  Q_PROPERTY(bool closeToTray READ closeToTray NOTIFY changed)
public:
  enum Role {
    KeyRole = Qt::UserRole + 1,
    GroupRole,
    TitleRole,
    DescriptionRole,
    SwitchRole,
    ValueRole,
    IndexRole,
    ChoicesRole
  };

  struct Choice {
    QString value;
    QString title;
  };
  struct Definition {
    QString key;
    QString group;
    QString title;
    QString description;
    QVariant fallback; // bool = a switch; QString = one of `choices`
    std::vector<Choice> choices;
    QString words; // also found by these
  };

  // `languages`: codes of the translations there are; `startViews`: {id, title}.
  Settings(Appearance& appearance, const QStringList& languages, const std::vector<Choice>& startViews,
           QObject* parent = nullptr);

  [[nodiscard]] QVariant value(const QString& key) const;
  [[nodiscard]] bool on(const QString& key) const { return value(key).toBool(); }
  // Refuses what is not among the choices: false, nothing changed.
  Q_INVOKABLE bool set(const QString& key, const QVariant& value);
  Q_INVOKABLE bool choose(const QString& key, int index);
  [[nodiscard]] const std::vector<Definition>& definitions() const { return m_definitions; }

  [[nodiscard]] bool reducedMotion() const { return on(QStringLiteral("window/reduced_motion")); }
  [[nodiscard]] bool compact() const { return value(QStringLiteral("window/density")) == QLatin1String("compact"); }

  [[nodiscard]] bool closeToTray() const { return on(QStringLiteral("window/close_to_tray")); }

  [[nodiscard]] QString filter() const { return m_filter; }
  void setFilter(const QString& filter);
  [[nodiscard]] int count() const { return int(m_shown.size()); }
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void changed(const QString& key);
  void filterChanged();

private:
  [[nodiscard]] const Definition* find(const QString& key) const;
  Appearance& m_appearance;
  std::vector<Definition> m_definitions;
  std::vector<size_t> m_shown;
  QString m_filter;
};

} // namespace univrs::gui
