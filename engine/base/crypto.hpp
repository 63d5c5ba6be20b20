#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace strata {

/// 32 raw bytes.
std::string sha256(std::string_view bytes);
/// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);
/// 16 raw bytes; only where a protocol asks for it (Content-MD5), never for safety.
std::string md5(std::string_view bytes);
/// CRC-32 (ISO 3309), as S3's checksum of that name.
std::uint32_t crc32(std::string_view bytes);
/// 32 raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view message);

/// `count` bytes from the system's generator.
std::string random_bytes(std::size_t count);
/// 32 lower-case hex digits: the one form that fits every AWS idempotency token.
std::string random_token();

/// Content hashed piece by piece, for files that do not fit into memory.
class Sha256 {
public:
    Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    ~Sha256();
    void add(std::string_view bytes);
    /// 64 lower-case hex digits; the object is used up.
    std::string finish_hex();

private:
    void* context_;
};

/// Overwrites every byte, also where nothing reads them any more.
void wipe(std::string& bytes);

/// A 32-byte key that is wiped when it goes.
class SealKey {
public:
    /// @param bytes exactly 32
    explicit SealKey(std::string_view bytes);
    SealKey(const SealKey&) = default;
    SealKey& operator=(const SealKey&) = default;
    ~SealKey();
    [[nodiscard]] std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }

private:
    std::array<char, 32> bytes_{};
};

/// PBKDF2-HMAC-SHA256.
/// @param iterations 600,000 is what OWASP asks for with SHA-256
SealKey key_from_passphrase(std::string_view passphrase, std::string_view salt, std::uint32_t iterations = 600'000);

/// What a sealed text is bound to, in as many pieces as it is at hand in; where one ends does not count.
using SealContext = std::span<const std::string_view>;

/// AES-256-GCM. Returns nonce (12 bytes), ciphertext and tag (16 bytes) in one string.
/// @param context bound to the result but not hidden: opening with another one fails
std::string seal(const SealKey& key, std::string_view plain, SealContext context);
std::string seal(const SealKey& key, std::string_view plain, std::string_view context);
/// @errors ErrorKind::state_unreadable, the same words for a wrong key, a wrong context and a changed byte
Result<std::string> open_sealed(const SealKey& key, std::string_view sealed, SealContext context);
Result<std::string> open_sealed(const SealKey& key, std::string_view sealed, std::string_view context);

}  // namespace strata
