// A developer's view: every component of the window in every state, on pages that can be looked at, or rendered into
// pictures. Needs no engine. What it shows is made up and belongs to it alone.
#pragma once

#include "app/gui/display_text.h"
#include "app/gui/table_filter.h"

#include <QAbstractListModel>
#include <QImage>
#include <QObject>
#include <QVariant>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

class GalleryRows : public QAbstractListModel {
  Q_OBJECT
public:
  enum Role {
    IdRole = Qt::UserRole + 1,
    NameRole,
    ToneRole,
    WordRole,
    ReadyRole,
    ImageRole,
    CpuRole,
    CpuTextRole,
    PointsRole,
    ReasonRole
  };
  explicit GalleryRows(int count, QObject* parent = nullptr);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

private:
  int m_count;
};

class Gallery : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by the gallery command")
  Q_PROPERTY(univrs::gui::TableFilter* rows READ rows CONSTANT)
  Q_PROPERTY(univrs::gui::TableFilter* none READ none CONSTANT)
  Q_PROPERTY(QStringList icons READ icons CONSTANT)
  Q_PROPERTY(univrs::gui::Problem fault READ fault CONSTANT)
  Q_PROPERTY(QString manifest READ manifest CONSTANT)
  Q_PROPERTY(double from READ from CONSTANT)
  Q_PROPERTY(double to READ to CONSTANT)
public:
  explicit Gallery(QObject* parent = nullptr);
  [[nodiscard]] TableFilter* rows() { return &m_rows; }
  [[nodiscard]] TableFilter* none() { return &m_none; }
  [[nodiscard]] QStringList icons() const;
  [[nodiscard]] Problem fault() const;
  [[nodiscard]] QString manifest() const;
  // Milliseconds since 1970: an hour, always the same one, so that pictures can be compared.
  [[nodiscard]] double from() const;
  [[nodiscard]] double to() const;
  Q_INVOKABLE [[nodiscard]] QVariantList wave(double middle, double swing, int seed, int points) const;
  Q_INVOKABLE void copy(const QString& text) const;

private:
  GalleryRows m_source;
  GalleryRows m_empty;
  TableFilter m_rows;
  TableFilter m_none;
};

// The pages' names, in the order of the view.
QStringList galleryPages();
// Shows the gallery, or with `shots` writes PAGE-dark@1x.png … into that folder and ends. Returns the exit code.
int runGallery(const QString& shots);
// One page as the window shows it, `width` wide and as tall as it is; null with a line on stderr when it could not be
// made.
QImage galleryShot(const QString& page, bool dark, int width);

} // namespace univrs::gui
