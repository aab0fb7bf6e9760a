// A folder that is gone when the test is over: on disk, or in memory where the system has that and waiting for the disk
// is not what the test is about.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace univrs::store::test {

class TempFolder {
public:
  enum class On { Disk, Memory };
  explicit TempFolder(On on = On::Disk) {
    std::error_code none;
    const std::filesystem::path memory = "/dev/shm";
    const bool inMemory = on == On::Memory && std::filesystem::is_directory(memory, none);
    std::string name = ((inMemory ? memory : std::filesystem::temp_directory_path()) / "univrs-store-XXXXXX").string();
    m_path = ::mkdtemp(name.data()) ? name : std::string();
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return m_path + "/" + name; }
  [[nodiscard]] const std::string& path() const { return m_path; }

private:
  std::string m_path;
};

inline std::string readAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void writeAll(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

} // namespace univrs::store::test
