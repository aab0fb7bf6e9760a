#include "app/gui/table_order.h"

#include <QDateTime>

#include <cmath>

namespace univrs::gui {
namespace {

bool isNumber(int type) {
  switch (type) {
  case QMetaType::Bool:
  case QMetaType::Int:
  case QMetaType::UInt:
  case QMetaType::LongLong:
  case QMetaType::ULongLong:
  case QMetaType::Long:
  case QMetaType::ULong:
  case QMetaType::Short:
  case QMetaType::UShort:
  case QMetaType::Double:
  case QMetaType::Float:
    return true;
  default:
    return false;
  }
}

bool isReal(int type) {
  return type == QMetaType::Double || type == QMetaType::Float;
}

qsizetype digitsEnd(QStringView text, qsizetype from) {
  while (from < text.size() && text[from].isDigit()) {
    ++from;
  }
  return from;
}

// Two runs of digits by value, of any length: without leading zeros the longer one is the larger.
int compareDigits(QStringView left, QStringView right) {
  while (left.size() > 1 && left.front().digitValue() == 0) {
    left = left.mid(1);
  }
  while (right.size() > 1 && right.front().digitValue() == 0) {
    right = right.mid(1);
  }
  if (left.size() != right.size()) {
    return left.size() < right.size() ? -1 : 1;
  }
  for (qsizetype i = 0; i < left.size(); ++i) {
    if (const int d = left[i].digitValue() - right[i].digitValue(); d != 0) {
      return d;
    }
  }
  return 0;
}

} // namespace

int compareNaturally(QStringView left, QStringView right) {
  qsizetype l = 0;
  qsizetype r = 0;
  while (l < left.size() && r < right.size()) {
    if (left[l].isDigit() && right[r].isDigit()) {
      const qsizetype lEnd = digitsEnd(left, l);
      const qsizetype rEnd = digitsEnd(right, r);
      if (const int d = compareDigits(left.mid(l, lEnd - l), right.mid(r, rEnd - r)); d != 0) {
        return d;
      }
      l = lEnd;
      r = rEnd;
      continue;
    }
    if (left[l] != right[r]) {
      const int d = int(left[l].toCaseFolded().unicode()) - int(right[r].toCaseFolded().unicode());
      if (d != 0) {
        return d;
      }
    }
    ++l;
    ++r;
  }
  return l < left.size() ? 1 : r < right.size() ? -1 : 0;
}

bool isMissing(const QVariant& value) {
  const int type = value.typeId();
  if (type == QMetaType::QString) {
    return value.toString().isEmpty();
  }
  return !value.isValid() || value.isNull() || (isReal(type) && std::isnan(value.toDouble()));
}

int compareValues(const QVariant& left, const QVariant& right) {
  const int l = left.typeId();
  const int r = right.typeId();
  if (l == QMetaType::QString && r == QMetaType::QString) {
    return compareNaturally(left.toString(), right.toString());
  }
  if (isNumber(l) && isNumber(r)) {
    if (isReal(l) || isReal(r)) {
      const double a = left.toDouble();
      const double b = right.toDouble();
      return a < b ? -1 : b < a ? 1 : 0;
    }
    const qint64 a = left.toLongLong();
    const qint64 b = right.toLongLong();
    return a < b ? -1 : b < a ? 1 : 0;
  }
  if (l == QMetaType::QDateTime && r == QMetaType::QDateTime) {
    const QDateTime a = left.toDateTime();
    const QDateTime b = right.toDateTime();
    return a < b ? -1 : b < a ? 1 : 0;
  }
  return compareNaturally(left.toString(), right.toString());
}

} // namespace univrs::gui
