// The node's folder: made with mode 0700, holds identity, state, token and the address that local tools look for.
#pragma once

#include "engine/base/random.h"
#include "engine/base/result.h"

#include <string>

namespace univrs::node {

inline constexpr const char* kStateFile = "state.db"; // in the folder

class DataFolder {
public:
  // Makes it (and its parents) when it is not there. Refuses one that others may write to.
  static base::Result<DataFolder> open(const std::string& path);

  [[nodiscard]] const std::string& path() const { return m_path; }
  [[nodiscard]] std::string file(const std::string& name) const { return m_path + "/" + name; }
  // A folder inside, made when absent, 0700.
  [[nodiscard]] base::Result<std::string> subfolder(const std::string& name) const;
  // DIR/api.token: made at the first start (0600), then read.
  [[nodiscard]] base::Result<std::string> apiToken(base::Random& random) const;
  // DIR/api.address: the URL the API answers at, for local tools; removed when the node ends.
  [[nodiscard]] base::Result<void> writeApiAddress(const std::string& url) const;
  void removeApiAddress() const;

private:
  explicit DataFolder(std::string path) : m_path(std::move(path)) {}
  std::string m_path;
};

} // namespace univrs::node
