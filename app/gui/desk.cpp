#include "app/gui/desk.h"

#include "app/gui/palette_entries.h"

#include <QCoreApplication>
#include <QSettings>

#include <algorithm>
#include <array>

namespace univrs::gui {
namespace {

const QString kHere = QStringLiteral("here");
const QString kRecent = QStringLiteral("palette/recent");
constexpr int kAgeRefreshMs = 30'000;

std::vector<Settings::Choice> startViews() {
  std::vector<Settings::Choice> list;
  for (const ViewDef& v : viewDefs()) {
    list.push_back({QString::fromLatin1(v.id), viewTitle(v)});
  }
  return list;
}

int weight(const QString& tone) {
  static const std::array<QString, 5> order{QStringLiteral("idle"), QStringLiteral("good"), QStringLiteral("busy"),
                                            QStringLiteral("warn"), QStringLiteral("bad")};
  return int(std::find(order.begin(), order.end(), tone) - order.begin());
}

} // namespace

Desk::Desk(Options options, QObject* parent)
    : QAbstractListModel(parent), m_options(std::move(options)),
      m_settings(m_appearance, m_options.languages, startViews()), m_frame(m_settings),
      m_notifications(m_clock, [this](const QString& kind) { return m_settings.on(QStringLiteral("notify/") + kind); }),
      m_tokens(m_options.configFolder, m_options.keyring), m_adding(m_options.gui.makeEngine, m_tokens) {
  if (m_options.engine != nullptr) {
    open(*m_options.engine, kHere, tr("this computer"), false, {});
  }
  for (const NodeAddress& address : m_options.gui.connectTo) {
    if (rowOf(nodeUrl(fromUtf8(address.url))) < 0) {
      openRemote(address, {});
    }
  }
  m_leaving.emplace(m_options.engine != nullptr ? m_held.front().session->index() : nullptr,
                    m_options.gui.stopWorkloads, m_options.gui.stopsWorkloads);
  m_palette.setVerbs(paletteVerbs());
  m_palette.setRecent(QSettings().value(kRecent).toStringList());
  connect(&m_palette, &PaletteModel::triggered, this, &Desk::perform);
  connect(&m_palette, &PaletteModel::recentChanged, this,
          [this] { QSettings().setValue(kRecent, m_palette.recent()); });
  connect(&m_notifications, &Notifications::goRequested, this, &Desk::go);
  m_adding.known = [this](const QString& url) { return rowOf(url) >= 0; };
  connect(&m_adding, &NodeForm::accepted, this, &Desk::onAccepted);
  m_ages.setInterval(kAgeRefreshMs);
  connect(&m_ages, &QTimer::timeout, &m_notifications, &Notifications::refreshAges);
  m_ages.start();
  if (m_options.remembered) {
    openRemembered();
  }
}

Desk::~Desk() {
  m_palette.setIndex(nullptr);
  for (const Held& h : m_held) {
    delete h.session; // before the parts they tell
  }
}

Session* Desk::open(interfaces::Engine& engine, const QString& key, const QString& endpoint, bool remote,
                    std::optional<KnownNode> node) {
  auto* session = new Session(engine, endpoint, remote, this);
  session->setObjectName(key);
  beginInsertRows({}, count(), count());
  m_held.push_back({key, session, std::move(node)});
  endInsertRows();
  connect(session, &Session::deltasArrived, this, [this, session, key](const std::vector<interfaces::Delta>& deltas) {
    m_notifications.apply(key, nameOf(*session), deltas);
  });
  connect(session, &Session::goRequested, this, [this, key](const QString& view, const QString&) {
    if (rowOf(key) == m_current) {
      m_frame.setView(view);
    }
  });
  const auto told = [this, key] {
    const int row = rowOf(key);
    if (row >= 0) {
      Q_EMIT dataChanged(index(row), index(row));
    }
    Q_EMIT healthChanged();
  };
  connect(session->connection(), &ConnectionModel::changed, this, told);
  connect(session->health(), &HealthModel::changed, this, told);
  Q_EMIT countChanged();
  return session;
}

Session* Desk::openRemote(const NodeAddress& address, std::optional<KnownNode> node) {
  if (count() >= kMaxSessions || !m_options.gui.makeEngine) {
    return nullptr;
  }
  const std::shared_ptr<interfaces::Engine> engine = m_options.gui.makeEngine(address);
  const QString url = plainLine(address.url);
  const QString key = nodeUrl(url).isEmpty() ? url : nodeUrl(url);
  Session* session = open(*engine, key, url, true, std::move(node));
  // The engine goes when the session is wholly gone: the connection is what keeps it.
  connect(
      session, &QObject::destroyed, QCoreApplication::instance(), [engine] {}, Qt::DirectConnection);
  return session;
}

void Desk::openRemembered() {
  m_book = readNodeBook();
  for (const KnownNode& node : m_book) {
    const auto opened = [this, node](const base::Result<QString>& token) {
      if (rowOf(node.url) >= 0) {
        return; // given on the command line as well
      }
      Session* session = openRemote({node.url.toStdString(), token.ok() ? token.value().toStdString() : std::string(),
                                     node.caFile.toStdString(), node.insecure},
                                    node);
      if (session != nullptr && !token.ok()) {
        session->actions()->tellProblem(Problem(token.error()));
      }
    };
    if (node.tokenFile.isEmpty()) {
      m_tokens.read(node.url, node.place, opened);
    } else {
      m_tokens.readFile(node.tokenFile, opened);
    }
  }
}

void Desk::onAccepted(const KnownNode& accepted, const QString& token, const QString& nodeName) {
  KnownNode node = accepted;
  Session* session =
      openRemote({node.url.toStdString(), token.toStdString(), node.caFile.toStdString(), node.insecure}, node);
  if (session == nullptr) {
    current()->actions()->tellProblem({tr("%1 was not added").arg(nodeName),
                                       tr("the window shows %1 nodes already").arg(count()), tr("Remove one first.")});
    return;
  }
  setCurrentIndex(count() - 1);
  const auto keep = [this](const KnownNode& known) {
    const int row = rowOf(known.url);
    if (row >= 0) {
      m_held[size_t(row)].node = known;
      m_book.push_back(known);
      writeBook();
    }
  };
  if (token.isEmpty() || !node.tokenFile.isEmpty()) {
    keep(node);
    session->actions()->tell(tr("Connected to %1").arg(nodeName));
    return;
  }
  m_tokens.keep(node.url, token, [this, node, keep, nodeName](const base::Result<TokenStore::Place>& place) mutable {
    const int row = rowOf(node.url);
    if (row < 0) {
      if (place.ok()) {
        m_tokens.forget(node.url, place.value()); // removed meanwhile
      }
      return;
    }
    Actions* actions = m_held[size_t(row)].session->actions();
    if (!place.ok()) {
      actions->tellProblem(Problem(place.error()));
      return;
    }
    node.place = place.value();
    keep(node);
    actions->tell(node.place == TokenStore::Place::Keyring
                      ? tr("Connected to %1. Its token is in the desktop's keyring.").arg(nodeName)
                      : tr("Connected to %1. No keyring answered: its token is in a file only you can read, in %2")
                            .arg(nodeName, m_options.configFolder));
  });
}

void Desk::writeBook() const {
  writeNodeBook(m_book);
}

void Desk::remove(int row) {
  if (row < 0 || row >= count() || !m_held[size_t(row)].node) {
    return;
  }
  const Held held = m_held[size_t(row)];
  if (row == m_current) {
    setCurrentIndex(row == 0 ? 1 : 0); // one that cannot be removed is always first
  }
  m_tokens.forget(held.key, held.node->place);
  std::erase_if(m_book, [&](const KnownNode& n) { return n.url == held.key; });
  writeBook();
  const int shown = m_current;
  beginRemoveRows({}, row, row);
  m_held.erase(m_held.begin() + row);
  m_current = shown > row ? shown - 1 : shown;
  endRemoveRows();
  m_notifications.forget(held.key);
  Q_EMIT countChanged();
  Q_EMIT currentChanged();
  Q_EMIT healthChanged();
  held.session->disconnect(this);
  held.session->deleteLater(); // after what shows it
}

void Desk::setCurrentIndex(int wanted) {
  if (wanted >= 0 && wanted < count() && wanted != m_current) {
    const int before = m_current;
    m_current = wanted;
    Q_EMIT dataChanged(index(before), index(before), {CurrentRole});
    Q_EMIT dataChanged(index(wanted), index(wanted), {CurrentRole});
    Q_EMIT currentChanged();
  }
}

int Desk::rowOf(const QString& key) const {
  const auto it = std::find_if(m_held.begin(), m_held.end(), [&](const Held& h) { return h.key == key; });
  return it == m_held.end() ? -1 : int(it - m_held.begin());
}

QString Desk::nameOf(const Session& session) const {
  const QString name = session.connection()->nodeName();
  return name.isEmpty() ? session.connection()->endpoint() : name;
}

void Desk::go(const QString& key, const QString& view, const QString& id) {
  const int row = rowOf(key);
  if (row >= 0) {
    setCurrentIndex(row);
    at(row)->go(Frame::has(view) ? view : QString::fromLatin1(viewDefs().front().id), id);
  }
}

void Desk::preparePalette() {
  std::vector<std::pair<QString, QString>> clusters;
  for (int row = 0; row < count(); ++row) {
    if (row != m_current) {
      clusters.emplace_back(m_held[size_t(row)].key, nameOf(*at(row)));
    }
  }
  m_palette.setFixed(paletteEntries(m_settings, clusters));
  m_palette.setIndex(current()->index());
  m_palette.setSelected(current()->selectedId());
  m_palette.refresh();
}

void Desk::onWorkload(const QString& action, const QString& argument) {
  Session& session = *current();
  if (action == QLatin1String("restart")) {
    session.actions()->restart(argument);
  } else if (action == QLatin1String("remove")) {
    session.actions()->remove(argument);
  } else if (action == QLatin1String("scale_up")) {
    session.actions()->scaleBy(argument, 1);
  } else if (action == QLatin1String("scale_down")) {
    session.actions()->scaleBy(argument, -1);
  } else if (action == QLatin1String("scale")) {
    const qsizetype colon = argument.lastIndexOf(QLatin1Char(':'));
    session.actions()->scaleTo(argument.left(colon), argument.mid(colon + 1).toInt());
  } else if (action == QLatin1String("workload")) {
    session.go(QStringLiteral("workloads"), argument);
  } else if (action == QLatin1String("logs") || action == QLatin1String("charts") ||
             action == QLatin1String("events") || action == QLatin1String("manifest") ||
             action == QLatin1String("console")) {
    session.showTab(action);
    session.go(QStringLiteral("workloads"), argument);
  } else if (action == QLatin1String("node")) {
    session.go(QStringLiteral("nodes"), argument);
  }
}

void Desk::perform(const QString& action, const QString& argument) {
  Session& session = *current();
  if (action == QLatin1String("view")) {
    m_frame.setView(argument);
  } else if (action == QLatin1String("cluster")) {
    setCurrentIndex(rowOf(argument));
  } else if (action == QLatin1String("deploy")) {
    session.deploy()->startEmpty();
  } else if (action == QLatin1String("deploy_text")) {
    session.openText(argument);
  } else if (action == QLatin1String("paste")) {
    session.paste();
  } else if (action == QLatin1String("undo")) {
    session.actions()->undo();
  } else if (action == QLatin1String("open_file")) {
    Q_EMIT sheetRequested(QStringLiteral("open"), {});
  } else if (action == QLatin1String("add_cluster")) {
    Q_EMIT sheetRequested(QStringLiteral("add"), {});
  } else if (action == QLatin1String("notifications") || action == QLatin1String("settings")) {
    Q_EMIT sheetRequested(action, {});
  } else if (action == QLatin1String("setting")) {
    Q_EMIT sheetRequested(QStringLiteral("settings"), argument);
  } else if (action == QLatin1String("set")) {
    m_settings.set(argument.section(QLatin1Char('='), 0, 0), argument.section(QLatin1Char('='), 1));
  } else if (action == QLatin1String("rail")) {
    m_frame.setRailFolded(!m_frame.railFolded());
  } else if (action == QLatin1String("quit")) {
    m_leaving->quit();
  } else {
    onWorkload(action, argument);
  }
}

const Session* Desk::worst() const {
  const Session* worst = m_held.front().session;
  for (const Held& h : m_held) {
    if (weight(h.session->health()->tone()) > weight(worst->health()->tone())) {
      worst = h.session;
    }
  }
  return worst;
}

QString Desk::tone() const {
  return worst()->health()->tone();
}

QString Desk::word() const {
  const Session* session = worst();
  return count() == 1 ? session->health()->word() : tr("%1: %2").arg(nameOf(*session), session->health()->word());
}

QString Desk::summary() const {
  return worst()->health()->summary();
}

int Desk::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant Desk::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const Held& h = m_held[size_t(index.row())];
  switch (role) {
  case SessionRole:
    return QVariant::fromValue(h.session);
  case NameRole:
    return nameOf(*h.session);
  case EndpointRole:
    return h.session->connection()->endpoint();
  case ToneRole:
    return h.session->health()->tone();
  case WordRole:
    return h.session->health()->word();
  case RemovableRole:
    return h.node.has_value();
  case CurrentRole:
    return index.row() == m_current;
  default:
    return {};
  }
}

QHash<int, QByteArray> Desk::roleNames() const {
  return {{SessionRole, "session"}, {NameRole, "name"},           {EndpointRole, "endpoint"}, {ToneRole, "tone"},
          {WordRole, "word"},       {RemovableRole, "removable"}, {CurrentRole, "isCurrent"}};
}

} // namespace univrs::gui
