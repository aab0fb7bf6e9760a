// What one decision found of every node: refused, by which filter and with which numbers, or its score part by part.
#pragma once

#include "engine/model/decision.h"

#include <QAbstractListModel>
#include <QHash>
#include <QVariantList>
#include <QtQml/qqmlregistration.h>

#include <string>
#include <vector>

namespace univrs::gui {

// "memory" -> "Memory", "cordon" -> "Cordoned": a filter as a heading; words it does not know stay as they are.
QString filterWord(const std::string& filter);
// "balance" -> "Balance": a part of a score, without a note that there is no data.
QString partWord(const std::string& part);

class VerdictListModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by DecisionDetails")
  Q_PROPERTY(int total READ total NOTIFY changed)
  Q_PROPERTY(int fits READ fits NOTIFY changed)
  Q_PROPERTY(QVariantList refusals READ refusals NOTIFY changed) // {filter, word, count, share}, most first
  Q_PROPERTY(QVariantList parts READ parts NOTIFY changed) // {name, word, weight, series}: what scores are made of
public:
  static constexpr size_t kMaxRows = 100'000;
  static constexpr int kSeries = 6; // colours of parts; more parts share them

  enum Role {
    IdRole = Qt::UserRole + 1,
    NameRole,
    FitsRole,
    ChosenRole,
    OutcomeRole, // "Chosen", "Fits", "Memory"
    ToneRole,
    FilterRole,  // what refused it, as scripts call it; empty = fits
    VerdictRole, // the refusal with its numbers, or the parts of the score in words
    VerdictSortRole,
    ScoreRole, // "0.82"; empty when refused
    ScoreSortRole,
    PartsRole // {name, word, value, weight, amount = value × weight, series}
  };

  explicit VerdictListModel(QObject* parent = nullptr);
  void show(std::vector<model::NodeVerdict> verdicts, const std::string& chosenNode);
  void clear() { show({}, {}); }

  [[nodiscard]] int total() const { return int(m_verdicts.size()); }
  [[nodiscard]] int fits() const { return m_fits; }
  [[nodiscard]] QVariantList refusals() const { return m_refusals; }
  [[nodiscard]] QVariantList parts() const { return m_parts; }
  [[nodiscard]] const model::NodeVerdict& at(int row) const { return m_verdicts[size_t(row)]; }
  // "pi-4 (memory 212 MiB free, 256 MiB asked), gcp-1 (cordoned)": the first refused ones by name.
  [[nodiscard]] QString namedRefusals(int most) const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void changed();

private:
  [[nodiscard]] QVariantList partsOf(const model::NodeVerdict& verdict) const;
  std::vector<model::NodeVerdict> m_verdicts;
  std::string m_chosen;
  QHash<QString, int> m_series; // part -> colour
  int m_fits = 0;
  QVariantList m_refusals;
  QVariantList m_parts;
};

} // namespace univrs::gui
