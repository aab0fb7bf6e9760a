#include "app/gui/gossip_log.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QLocale>
#include <QStringDecoder>

#include <algorithm>
#include <numeric>
#include <utility>

namespace univrs::gui {
namespace {

constexpr qsizetype kPreview = 160; // characters
constexpr int kSeries = 6;          // colours
const QString& otherTopics() {
  static const QString kName = QStringLiteral("…");
  return kName;
}

QString keyOf(uint64_t serial) {
  return QString::number(serial);
}

std::optional<QString> asText(const std::string& data) {
  QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
  const QString text = decode(QByteArrayView(data.data(), qsizetype(data.size())));
  const auto odd = std::count_if(text.begin(), text.end(), [](QChar c) {
    return c == QChar::ReplacementCharacter || (c.unicode() < 0x20 && c != u'\n' && c != u'\t' && c != u'\r');
  });
  // The data kept may end within a character: one fault is no proof of bytes.
  return odd > 1 || (odd == 1 && text.size() < 8) ? std::nullopt : std::optional(text);
}

// "12.4", "340", "0".
QString rateFigure(double rate) {
  return QLocale().toString(rate, 'f', rate > 0 && rate < 9.95 ? 1 : 0);
}

QString verdictWord(const std::string& verdict) {
  return verdict == "published"  ? GossipLog::tr("sent here")
         : verdict == "accepted" ? GossipLog::tr("accepted")
         : verdict == "rejected" ? GossipLog::tr("rejected")
         : verdict == "ignored"  ? GossipLog::tr("ignored")
                                 : plainLine(verdict);
}

QString verdictTone(const std::string& verdict) {
  return verdict == "published"  ? QStringLiteral("busy")
         : verdict == "accepted" ? QStringLiteral("good")
         : verdict == "rejected" ? QStringLiteral("bad")
                                 : QStringLiteral("warn");
}

QString previewOf(const model::GossipMessage& message) {
  const std::string head = message.data.substr(0, size_t(kPreview) * 2);
  if (const auto text = asText(head)) {
    return plainLine(text->simplified().toStdString()).left(kPreview);
  }
  QString hex;
  for (const char c : head.substr(0, 24)) {
    hex += QStringLiteral("%1 ").arg(int(static_cast<unsigned char>(c)), 2, 16, QLatin1Char('0'));
  }
  return hex.trimmed();
}

} // namespace

QString decodedText(const std::string& data) {
  const QJsonDocument json = QJsonDocument::fromJson(QByteArray::fromRawData(data.data(), qsizetype(data.size())));
  if (!json.isNull()) {
    return plainText(json.toJson(QJsonDocument::Indented).trimmed().toStdString());
  }
  const auto text = asText(data);
  return text ? plainText(text->toStdString()) : QString();
}

QString hexText(const std::string& data) {
  static constexpr char kDigits[] = "0123456789abcdef";
  constexpr size_t kLine = 16;
  std::string out;
  out.reserve(data.size() / kLine * 78 + 78);
  for (size_t at = 0; at < data.size(); at += kLine) {
    for (int shift = 12; shift >= 0; shift -= 4) {
      out += kDigits[(at >> unsigned(shift)) & 15U];
    }
    out += "  ";
    std::string letters;
    for (size_t i = at; i < at + kLine; ++i) {
      if (i < data.size()) {
        const auto byte = static_cast<unsigned char>(data[i]);
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
        letters += byte >= 0x20 && byte < 0x7f ? char(byte) : '.';
      } else {
        out += "  ";
      }
      out += i % 8 == 7 ? "  " : " ";
    }
    out += letters;
    out += '\n';
  }
  if (!out.empty()) {
    out.pop_back();
  }
  return QString::fromLatin1(out.data(), qsizetype(out.size()));
}

GossipLog::GossipLog(const base::Clock& clock, NameOf nameOf, QObject* parent)
    : QAbstractListModel(parent), m_clock(clock), m_nameOf(std::move(nameOf)), m_coalescer([this] { show(); }) {}

GossipLog::Topic& GossipLog::topicOf(const QString& name) {
  if (const auto it = m_topics.find(name); it != m_topics.end()) {
    return it->second;
  }
  const bool full = m_topics.size() + 1 >= kMaxTopics;
  const auto [it, added] = m_topics.try_emplace(full ? otherTopics() : name);
  if (added) {
    it->second.series = int(m_topics.size() - 1) % kSeries;
  }
  return it->second;
}

void GossipLog::apply(const std::vector<interfaces::Delta>& deltas) {
  bool any = false;
  for (const interfaces::Delta& d : deltas) {
    const auto* message = d.topic == interfaces::Topic::Gossip && d.kind == interfaces::Delta::Kind::Put
                              ? std::get_if<model::GossipMessage>(&d.object)
                              : nullptr;
    if (!message) {
      continue;
    }
    any = true;
    ++m_seen;
    Entry entry;
    entry.serial = m_nextSerial++;
    entry.topic = plainLine(message->topic).left(256);
    entry.author = plainLine(message->author);
    entry.via = plainLine(message->receivedFrom);
    entry.message = *message;
    if (entry.message.data.size() > size_t(model::GossipMessage::kShownBytes)) {
      entry.message.data.resize(size_t(model::GossipMessage::kShownBytes));
    }
    Topic& topic = topicOf(entry.topic);
    ++topic.total;
    ++topic.counts[size_t(m_second)];
    m_bytes += int64_t(entry.message.data.size());
    m_all.push_back(std::move(entry));
    if (m_paused) {
      ++m_waiting;
    }
    Q_EMIT passed(*message);
    if (m_all.size() > 2 * kMaxMessages || m_bytes > 2 * kMaxBytes) {
      trim(); // between two showings no more than twice the limits are held
    }
  }
  if (any) {
    m_coalescer.request();
  }
}

// Forgets the oldest beyond the limits, from the rows too.
void GossipLog::trim() {
  while (!m_all.empty() && (m_all.size() > kMaxMessages || m_bytes > kMaxBytes)) {
    m_bytes -= int64_t(m_all.front().message.data.size());
    m_all.pop_front();
  }
  const uint64_t oldest = m_all.empty() ? m_nextSerial : m_all.front().serial;
  const auto stays = std::lower_bound(m_shown.begin(), m_shown.end(), oldest);
  if (stays != m_shown.begin()) {
    beginRemoveRows({}, 0, int(stays - m_shown.begin()) - 1);
    m_shown.erase(m_shown.begin(), stays);
    endRemoveRows();
  }
}

void GossipLog::show() {
  trim();
  if (m_topics.size() != std::exchange(m_toldTopics, m_topics.size())) {
    Q_EMIT ratesChanged();
  }
  if (!m_paused && !m_all.empty()) {
    std::vector<uint64_t> fresh;
    const uint64_t first = std::max(m_shownUpTo + 1, m_all.front().serial);
    for (size_t i = size_t(first - m_all.front().serial); i < m_all.size(); ++i) {
      if (wanted(m_all[i])) {
        fresh.push_back(m_all[i].serial);
      }
    }
    m_shownUpTo = m_nextSerial - 1;
    if (!fresh.empty()) {
      beginInsertRows({}, count(), count() + int(fresh.size()) - 1);
      m_shown.insert(m_shown.end(), fresh.begin(), fresh.end());
      endInsertRows();
    }
  } else if (m_paused) {
    Q_EMIT waitingChanged();
  }
  Q_EMIT countChanged();
}

bool GossipLog::wanted(const Entry& entry) const {
  if (!m_topic.isEmpty() && entry.topic != m_topic) {
    return false;
  }
  if (!m_peer.isEmpty() && entry.author != m_peer && entry.via != m_peer) {
    return false;
  }
  if (m_refusedOnly && entry.message.verdict != "rejected" && entry.message.verdict != "ignored") {
    return false;
  }
  if (m_text.isEmpty()) {
    return true;
  }
  const auto has = [this](const QString& in) { return in.contains(m_text, Qt::CaseInsensitive); };
  return has(entry.topic) || has(entry.author) || has(entry.via) || has(m_nameOf(entry.author)) ||
         has(fromUtf8(entry.message.id)) || has(fromUtf8(entry.message.data));
}

void GossipLog::refilter() {
  beginResetModel();
  m_shown.clear();
  for (const Entry& entry : m_all) {
    if (m_paused && entry.serial > m_shownUpTo) {
      break;
    }
    if (wanted(entry)) {
      m_shown.push_back(entry.serial);
    }
  }
  if (!m_paused) {
    m_shownUpTo = m_nextSerial - 1;
  }
  endResetModel();
  Q_EMIT filterChanged();
  Q_EMIT countChanged();
}

void GossipLog::setPaused(bool paused) {
  if (paused == m_paused) {
    return;
  }
  show(); // until now
  m_paused = paused;
  m_waiting = 0;
  if (!paused) {
    show();
  }
  Q_EMIT pausedChanged();
  Q_EMIT waitingChanged();
}

void GossipLog::setText(const QString& text) {
  if (const QString next = text.left(kMaxSearch).trimmed(); next != m_text) {
    m_text = next;
    refilter();
  }
}

void GossipLog::setTopic(const QString& topic) {
  if (topic != m_topic) {
    m_topic = topic;
    refilter();
  }
}

void GossipLog::setPeer(const QString& peer) {
  if (peer != m_peer) {
    m_peer = peer;
    refilter();
  }
}

void GossipLog::setRefusedOnly(bool refusedOnly) {
  if (refusedOnly != m_refusedOnly) {
    m_refusedOnly = refusedOnly;
    refilter();
  }
}

void GossipLog::clear() {
  beginResetModel();
  m_all.clear();
  m_shown.clear();
  m_shownUpTo = m_nextSerial - 1;
  m_bytes = 0;
  m_seen = 0;
  m_waiting = 0;
  m_topics.clear();
  endResetModel();
  Q_EMIT countChanged();
  Q_EMIT waitingChanged();
  Q_EMIT ratesChanged();
}

double GossipLog::rateOf(const Topic& topic) const {
  const int sum = std::accumulate(topic.counts.begin(), topic.counts.end(), 0) - topic.counts[size_t(m_second)];
  return double(sum) / (kRateSeconds - 1); // the second under way is not whole
}

void GossipLog::refreshRates() {
  const bool any = std::any_of(m_topics.begin(), m_topics.end(), [](const auto& t) {
    return std::any_of(t.second.counts.begin(), t.second.counts.end(), [](int c) { return c > 0; });
  });
  m_second = (m_second + 1) % kRateSeconds;
  for (auto& [name, topic] : m_topics) {
    topic.counts[size_t(m_second)] = 0;
  }
  if (any) {
    Q_EMIT ratesChanged();
  }
}

QVariantList GossipLog::topics() const {
  QVariantList out;
  for (const auto& [name, topic] : m_topics) {
    const double rate = rateOf(topic);
    out << QVariantMap{{QStringLiteral("topic"), name},
                       {QStringLiteral("rate"), rate},
                       {QStringLiteral("rateText"), tr("%1/s").arg(rateFigure(rate))},
                       {QStringLiteral("total"), qint64(topic.total)},
                       {QStringLiteral("series"), topic.series},
                       {QStringLiteral("filterable"), name != otherTopics()}};
  }
  return out;
}

QString GossipLog::rateText() const {
  double rate = 0;
  for (const auto& [name, topic] : m_topics) {
    rate += rateOf(topic);
  }
  return tr("%1 messages/s").arg(rateFigure(rate));
}

void GossipLog::select(const QString& messageId) {
  if (messageId == selectedId()) {
    return;
  }
  m_selected.reset();
  m_selectedKey = messageId;
  bool ok = false;
  const uint64_t serial = messageId.toULongLong(&ok);
  if (ok && !m_all.empty() && serial >= m_all.front().serial && serial < m_nextSerial) {
    m_selected = m_all[size_t(serial - m_all.front().serial)];
  }
  Q_EMIT selectionChanged();
}

QVariantMap GossipLog::selected() const {
  if (!m_selected) {
    return {};
  }
  const Entry& e = *m_selected;
  const model::GossipMessage& m = e.message;
  const QString decoded = decodedText(m.data);
  const bool cut = m.bytes > int64_t(m.data.size());
  const QDateTime at = QDateTime::fromMSecsSinceEpoch(m.time.ms);
  return {{QStringLiteral("topic"), e.topic},
          {QStringLiteral("author"), e.author},
          {QStringLiteral("authorName"), m_nameOf(e.author)},
          {QStringLiteral("via"), e.via},
          {QStringLiteral("viaName"), e.via.isEmpty() ? tr("published by this node") : m_nameOf(e.via)},
          {QStringLiteral("messageId"), fromUtf8(m.id)},
          {QStringLiteral("seqno"), QString::number(m.seqno)},
          {QStringLiteral("size"), localFigure(model::formatBytes(m.bytes))},
          {QStringLiteral("time"), QLocale().toString(at, QLocale::ShortFormat) + QStringLiteral(" · ") +
                                       at.toString(QStringLiteral("HH:mm:ss.zzz"))},
          {QStringLiteral("verdict"), verdictWord(m.verdict)},
          {QStringLiteral("tone"), verdictTone(m.verdict)},
          {QStringLiteral("reason"), plainLine(m.reason)},
          {QStringLiteral("decoded"), decoded},
          {QStringLiteral("hex"), hexText(m.data)},
          {QStringLiteral("note"), cut ? tr("The first %1 of %2 are kept")
                                             .arg(localFigure(model::formatBytes(int64_t(m.data.size()))),
                                                  localFigure(model::formatBytes(m.bytes)))
                                       : QString()}};
}

const GossipLog::Entry& GossipLog::shownAt(int row) const {
  return m_all[size_t(m_shown[size_t(row)] - m_all.front().serial)];
}

QString GossipLog::idAt(int row) const {
  return row >= 0 && row < count() ? keyOf(m_shown[size_t(row)]) : QString();
}

int GossipLog::rowOf(const QString& messageId) const {
  const uint64_t serial = messageId.toULongLong();
  const auto it = std::lower_bound(m_shown.begin(), m_shown.end(), serial);
  return it != m_shown.end() && *it == serial ? int(it - m_shown.begin()) : -1;
}

int GossipLog::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant GossipLog::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const Entry& e = shownAt(at.row());
  switch (role) {
  case IdRole:
    return keyOf(e.serial);
  case TimeRole:
    return QDateTime::fromMSecsSinceEpoch(e.message.time.ms).toString(QStringLiteral("HH:mm:ss.zzz"));
  case Qt::DisplayRole:
  case TopicRole:
    return e.topic;
  case SeriesRole: {
    const auto it = m_topics.find(e.topic);
    return it == m_topics.end() ? kSeries - 1 : it->second.series;
  }
  case AuthorRole:
    return m_nameOf(e.author);
  case ViaRole:
    return e.via.isEmpty() || e.via == e.author ? QString() : m_nameOf(e.via);
  case BytesRole:
    return localFigure(model::formatBytes(e.message.bytes));
  case VerdictRole:
    return verdictWord(e.message.verdict);
  case ToneRole:
    return verdictTone(e.message.verdict);
  case PreviewRole:
    return previewOf(e.message);
  case ReasonRole:
    return plainLine(e.message.reason);
  default:
    return {};
  }
}

QHash<int, QByteArray> GossipLog::roleNames() const {
  return {{IdRole, "messageKey"}, {TimeRole, "time"},       {TopicRole, "topic"},  {SeriesRole, "series"},
          {AuthorRole, "author"}, {ViaRole, "via"},         {BytesRole, "bytes"},  {VerdictRole, "verdict"},
          {ToneRole, "tone"},     {PreviewRole, "preview"}, {ReasonRole, "reason"}};
}

} // namespace univrs::gui
