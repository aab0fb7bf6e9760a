// Everything the window stands on: a session for each engine it is connected to (this computer's, and nodes elsewhere),
// which of them is shown, and the parts they share. Every session keeps its watch and its state while another is shown.
//
// As a list model: one row a session, for the switcher.
#pragma once

#include "app/gui/appearance.h"
#include "app/gui/frame.h"
#include "app/gui/gui_module.h"
#include "app/gui/leaving.h"
#include "app/gui/node_form.h"
#include "app/gui/notifications.h"
#include "app/gui/palette_model.h"
#include "app/gui/session.h"
#include "app/gui/settings.h"
#include "app/gui/token_store.h"

#include <QAbstractListModel>

#include <memory>
#include <optional>
#include <vector>

namespace univrs::gui {

class Desk : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by the program")
  Q_PROPERTY(univrs::gui::Session* current READ current NOTIFY currentChanged)
  Q_PROPERTY(int currentIndex READ currentIndex WRITE setCurrentIndex NOTIFY currentChanged)
  Q_PROPERTY(int count READ count NOTIFY countChanged)
  Q_PROPERTY(univrs::gui::Appearance* appearance READ appearance CONSTANT)
  Q_PROPERTY(univrs::gui::Settings* settings READ settings CONSTANT)
  Q_PROPERTY(univrs::gui::Frame* frame READ frame CONSTANT)
  Q_PROPERTY(univrs::gui::PaletteModel* palette READ palette CONSTANT)
  Q_PROPERTY(univrs::gui::Notifications* notifications READ notifications CONSTANT)
  Q_PROPERTY(univrs::gui::NodeForm* adding READ adding CONSTANT)
  Q_PROPERTY(univrs::gui::Leaving* leaving READ leaving CONSTANT)
  Q_PROPERTY(QString tone READ tone NOTIFY healthChanged)
  Q_PROPERTY(QString word READ word NOTIFY healthChanged)
public:
  static constexpr int kMaxSessions = 32;

  enum Role { SessionRole = Qt::UserRole + 1, NameRole, EndpointRole, ToneRole, WordRole, RemovableRole, CurrentRole };

  struct Options {
    interfaces::Engine* engine = nullptr; // this computer's; null = none here
    GuiOptions gui;
    bool keyring = true;    // tokens may be kept in the desktop's keyring
    bool remembered = true; // open the nodes of earlier starts again
    QString configFolder;   // where tokens are kept without a keyring
    QStringList languages;  // codes of the translations there are
  };
  // At least one of options.engine and options.gui.connectTo must be given. Engines answer on this thread; this
  // computer's outlives this.
  explicit Desk(Options options, QObject* parent = nullptr);
  ~Desk() override;

  [[nodiscard]] Session* current() const { return m_held[size_t(m_current)].session; }
  [[nodiscard]] int currentIndex() const { return m_current; }
  void setCurrentIndex(int index);
  [[nodiscard]] int count() const { return int(m_held.size()); }
  [[nodiscard]] Session* at(int row) const { return m_held[size_t(row)].session; }
  // Ends a connection and forgets the node. This computer and nodes given at the start stay.
  Q_INVOKABLE void remove(int row);
  // What the palette, the rail and the tray ask for; unknown actions do nothing.
  Q_INVOKABLE void perform(const QString& action, const QString& argument);
  // Asks again for the palette's entries: called when it opens.
  Q_INVOKABLE void preparePalette();
  // Whether the window is in front.
  Q_INVOKABLE void setAttended(bool attended) { m_notifications.setAttended(attended); }

  [[nodiscard]] Appearance* appearance() { return &m_appearance; }
  [[nodiscard]] Settings* settings() { return &m_settings; }
  [[nodiscard]] Frame* frame() { return &m_frame; }
  [[nodiscard]] PaletteModel* palette() { return &m_palette; }
  [[nodiscard]] Notifications* notifications() { return &m_notifications; }
  [[nodiscard]] NodeForm* adding() { return &m_adding; }
  [[nodiscard]] Leaving* leaving() { return &*m_leaving; }
  // The worst of all sessions, for the tray.
  [[nodiscard]] QString tone() const;
  [[nodiscard]] QString word() const;
  [[nodiscard]] QString summary() const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void currentChanged();
  void countChanged();
  void healthChanged();
  // A part of the window is to open: "settings" (text = what to search), "add", "notifications", "open" (a file).
  void sheetRequested(const QString& sheet, const QString& text);

private:
  struct Held {
    QString key;
    Session* session = nullptr;    // child of this
    std::optional<KnownNode> node; // in the book: may be removed
  };
  Session* open(interfaces::Engine& engine, const QString& key, const QString& endpoint, bool remote,
                std::optional<KnownNode> node);
  Session* openRemote(const NodeAddress& address, std::optional<KnownNode> node);
  void openRemembered();
  void onAccepted(const KnownNode& node, const QString& token, const QString& nodeName);
  void writeBook() const;
  [[nodiscard]] int rowOf(const QString& key) const;
  [[nodiscard]] QString nameOf(const Session& session) const;
  void go(const QString& key, const QString& view, const QString& id);
  void onWorkload(const QString& action, const QString& argument);
  [[nodiscard]] const Session* worst() const;

  Options m_options;
  base::SystemClock m_clock;
  Appearance m_appearance;
  Settings m_settings;
  Frame m_frame;
  PaletteModel m_palette;
  Notifications m_notifications;
  TokenStore m_tokens;
  NodeForm m_adding;
  std::optional<Leaving> m_leaving;
  std::vector<KnownNode> m_book;
  std::vector<Held> m_held;
  int m_current = 0;
  QTimer m_ages;
};

} // namespace univrs::gui
