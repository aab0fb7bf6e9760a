// What a person drops, opens or pastes, read into text that the deploy sheet can show: bounded, never blocking the
// window, and saying what is wrong with what cannot be read.
#pragma once

#include "app/gui/display_text.h"
#include "engine/base/result.h"

#include <QList>
#include <QString>
#include <QUrl>

#include <vector>

namespace univrs::gui {

inline constexpr int kMaxDroppedFiles = 32;

struct SourceDocument {
  QString fileName; // as shown, and the hint for the format; empty for pasted text
  QString path;     // of a file, for the CLI line
  QString text;
};

struct SourceArchive { // of images: `docker save` or OCI layout, plain, gzip or zstd
  QString fileName;
  QString path;
  qint64 bytes = 0;
};

struct DroppedSources {
  std::vector<SourceDocument> documents;
  std::vector<SourceArchive> archives;
  std::vector<Problem> problems; // one for each that could not be read
};

// Reads local files; blocks, so call it off the UI thread. At most limits::kMaxManifestBytes each, except archives,
// which are told by their content and only named.
DroppedSources readSources(const QList<QUrl>& urls);
// Text as dropped or pasted.
base::Result<SourceDocument> sourceFromText(const QString& text);

} // namespace univrs::gui
