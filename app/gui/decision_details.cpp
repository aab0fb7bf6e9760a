#include "app/gui/decision_details.h"

#include <QPointer>

namespace univrs::gui {

DecisionDetails::DecisionDetails(interfaces::Decisions& engine, const base::Clock& clock, QObject* parent)
    : QObject(parent), m_engine(engine), m_clock(clock), m_rows(m_verdicts) {}

void DecisionDetails::show(const QString& id, const model::Decision* head) {
  if (id == m_id) {
    return;
  }
  m_id = id;
  m_decision = head ? *head : model::Decision();
  m_verdicts.clear();
  m_rows.showAll();
  ask();
}

void DecisionDetails::reload() {
  ask();
}

void DecisionDetails::ask() {
  const int asked = ++m_asked;
  m_problem = {};
  m_loading = present();
  Q_EMIT changed();
  if (!m_loading) {
    return;
  }
  m_engine.getDecision(m_id.toStdString(), [self = QPointer(this), asked](base::Result<model::Decision> decision) {
    if (!self || asked != self->m_asked) {
      return;
    }
    self->m_loading = false;
    if (decision.ok()) {
      std::vector<model::NodeVerdict> nodes;
      nodes.swap(decision->nodes);
      self->m_decision = std::move(decision).value();
      self->m_verdicts.show(std::move(nodes), self->m_decision.chosen ? self->m_decision.chosen->str() : std::string());
    } else {
      self->m_problem = Problem(decision.error());
    }
    Q_EMIT self->changed();
  });
}

QString DecisionDetails::workload() const {
  return plainLine(m_decision.workloadName.empty() ? m_decision.workloadId.str() : m_decision.workloadName);
}
QString DecisionDetails::workloadId() const {
  return fromUtf8(m_decision.workloadId.str());
}
QString DecisionDetails::instance() const {
  return plainLine(m_decision.instanceId.str());
}
QString DecisionDetails::node() const {
  return !m_decision.chosen
             ? QString()
             : plainLine(m_decision.chosenName.empty() ? m_decision.chosen->str() : m_decision.chosenName);
}
QString DecisionDetails::nodeId() const {
  return m_decision.chosen ? fromUtf8(m_decision.chosen->str()) : QString();
}
QString DecisionDetails::outcome() const {
  return known() ? outcomeWord(m_decision).word : QString();
}
QString DecisionDetails::tone() const {
  return known() ? outcomeWord(m_decision).tone : QStringLiteral("idle");
}
QString DecisionDetails::strategy() const {
  return plainLine(m_decision.strategy);
}
QString DecisionDetails::trigger() const {
  return triggerText(m_decision.trigger);
}
QString DecisionDetails::time() const {
  return fromUtf8(m_decision.time.iso());
}
QString DecisionDetails::age() const {
  return ageText(m_decision.time, m_clock.now().wall);
}
QString DecisionDetails::summary() const {
  return plainLine(m_decision.summary);
}

QString DecisionDetails::refused() const {
  const int count = m_verdicts.total() - m_verdicts.fits();
  if (count == 0) {
    return {};
  }
  const QString named = m_verdicts.namedRefusals(kNamed);
  return count > kNamed ? tr("Refused by %1 and %n more", nullptr, count - kNamed).arg(named)
                        : tr("Refused by %1").arg(named);
}

QString DecisionDetails::kept() const {
  return m_verdicts.total() > 0 && m_verdicts.total() < nodesTotal()
             ? tr("The reasons of %1 of %2 nodes are on record").arg(m_verdicts.total()).arg(nodesTotal())
             : QString();
}

QString DecisionDetails::cliLine() const {
  if (!known()) {
    return {};
  }
  return m_decision.instanceId.empty() ? QStringLiteral("univrs decisions ") + shellWord(m_id)
                                       : QStringLiteral("univrs why ") + shellWord(instance());
}

} // namespace univrs::gui
