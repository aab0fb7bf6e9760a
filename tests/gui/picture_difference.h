// How far a picture is from a kept one, and how far it may be.
#pragma once

#include <QImage>

#include <algorithm>
#include <cstdlib>

namespace univrs::gui::test {

// Text rasterises a little differently with another FreeType: a share of pixels may differ much, the rest hardly.
inline constexpr double kMaxMeanDifference = 2.0; // of 255, over all pixels and channels
inline constexpr double kMaxSharePastLimit = 0.03;
inline constexpr int kPixelLimit = 48;

struct PictureDifference {
  double mean = 0;  // of 255
  double share = 0; // of the pixels, that differ by more than kPixelLimit
};

// Both of one size and in Format_RGB32.
inline PictureDifference pictureDifference(const QImage& a, const QImage& b) {
  qint64 sum = 0;
  qint64 past = 0;
  for (int y = 0; y < a.height(); ++y) {
    const auto* left = reinterpret_cast<const QRgb*>(a.constScanLine(y));
    const auto* right = reinterpret_cast<const QRgb*>(b.constScanLine(y));
    for (int x = 0; x < a.width(); ++x) {
      const int red = std::abs(qRed(left[x]) - qRed(right[x]));
      const int green = std::abs(qGreen(left[x]) - qGreen(right[x]));
      const int blue = std::abs(qBlue(left[x]) - qBlue(right[x]));
      sum += red + green + blue;
      past += std::max({red, green, blue}) > kPixelLimit ? 1 : 0;
    }
  }
  const double pixels = double(a.width()) * a.height();
  return {double(sum) / pixels / 3, double(past) / pixels};
}

} // namespace univrs::gui::test
