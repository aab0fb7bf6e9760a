// Keeps the API tokens of nodes elsewhere: in the desktop's keyring, or, where none answers, in a file only this user
// can read.
#pragma once

#include "engine/base/result.h"

#include <QObject>
#include <QString>

#include <functional>

namespace univrs::gui {

class TokenStore : public QObject {
  Q_OBJECT
public:
  enum class Place { None, Keyring, File };
  static constexpr qint64 kMaxTokenBytes = 4096;

  // `folder` holds the files; `keyring` false never asks one.
  TokenStore(QString folder, bool keyring, QObject* parent = nullptr);

  // All answer later, on this thread, and not after this is destroyed.
  void keep(const QString& id, const QString& token, std::function<void(base::Result<Place>)> done);
  void read(const QString& id, Place place, std::function<void(base::Result<QString>)> done);
  void forget(const QString& id, Place place);
  // The first line of any file, read off this thread.
  void readFile(const QString& path, std::function<void(base::Result<QString>)> done);

private:
  void keepInFile(const QString& id, const QString& token, std::function<void(base::Result<Place>)> done);
  [[nodiscard]] QString pathOf(const QString& id) const;
  const QString m_folder;
  const bool m_keyring;
};

} // namespace univrs::gui
