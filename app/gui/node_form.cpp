#include "app/gui/node_form.h"

#include <QHostAddress>
#include <QPointer>
#include <QTimer>
#include <QUrl>

namespace univrs::gui {

NodeForm::NodeForm(EngineFactory makeEngine, TokenStore& tokens, QObject* parent)
    : QObject(parent), m_makeEngine(std::move(makeEngine)), m_tokens(tokens) {}

NodeForm::~NodeForm() = default;

void NodeForm::clear() {
  cancel();
  m_url.clear();
  m_token.clear();
  m_tokenFile.clear();
  m_caFile.clear();
  m_insecure = false;
  m_problem = {};
  Q_EMIT changed();
  Q_EMIT busyChanged();
}

void NodeForm::cancel() {
  ++m_round;
  m_engine.reset();
  if (m_busy) {
    m_busy = false;
    Q_EMIT busyChanged();
  }
}

QString NodeForm::caution() const {
  const QUrl url(nodeUrl(m_url));
  if (url.scheme() == QLatin1String("http") && url.host() != QLatin1String("localhost") &&
      !QHostAddress(url.host()).isLoopback()) {
    return tr("http to another machine: the token can be read on the way. Use https, or a tunnel.");
  }
  return m_insecure ? tr("Any certificate is accepted: whoever sits between can read the token.") : QString();
}

void NodeForm::fail(const Problem& problem) {
  m_busy = false;
  m_problem = problem;
  Q_EMIT busyChanged();
}

void NodeForm::check() {
  if (m_busy) {
    return;
  }
  const QString url = nodeUrl(m_url);
  if (url.isEmpty()) {
    fail({tr("The node was not added"), tr("“%1” is no address of a node").arg(m_url.left(80)),
          tr("Write it as https://host:8080.")});
    return;
  }
  if (known && known(url)) {
    fail({tr("The node was not added"), tr("%1 is already there").arg(url), tr("Choose it in the list.")});
    return;
  }
  m_busy = true;
  m_problem = {};
  const int round = ++m_round;
  Q_EMIT busyChanged();
  if (m_tokenFile.trimmed().isEmpty()) {
    ask(m_token.trimmed());
    return;
  }
  m_tokens.readFile(m_tokenFile.trimmed(), [this, round](const base::Result<QString>& token) {
    if (round != m_round) {
      return;
    }
    if (token.ok()) {
      ask(token.value());
    } else {
      fail(Problem(token.error()));
    }
  });
}

void NodeForm::ask(const QString& token) {
  KnownNode node;
  node.url = nodeUrl(m_url);
  node.tokenFile = m_tokenFile.trimmed();
  node.caFile = m_caFile.trimmed();
  node.insecure = m_insecure;
  m_engine = m_makeEngine({node.url.toStdString(), token.toStdString(), node.caFile.toStdString(), node.insecure});
  const int round = m_round;
  m_engine->admin().nodeInfo(
      [self = QPointer(this), round, node, token](const base::Result<interfaces::NodeInfo>& info) {
        if (!self || round != self->m_round) {
          return;
        }
        // Not inside the engine's own call.
        QTimer::singleShot(0, self.data(), [self, round] {
          if (self && round == self->m_round) {
            self->m_engine.reset();
          }
        });
        if (!info.ok()) {
          self->fail(Problem(info.error()));
          return;
        }
        self->m_busy = false;
        Q_EMIT self->busyChanged();
        Q_EMIT self->accepted(node, token, plainLine(info.value().name));
      });
}

} // namespace univrs::gui
