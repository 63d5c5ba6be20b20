#include "engine/base/crypto.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "engine/base/encoding.hpp"

namespace strata {

namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
unsigned char* raw(char* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

/// OpenSSL fails here only when memory or entropy ran out: nothing a caller could mend.
void require(bool worked) {
    if (!worked) throw std::runtime_error("the cryptography library failed (out of memory or entropy)");
}

std::string digest(const EVP_MD* algorithm, std::string_view bytes) {
    std::string out(static_cast<std::size_t>(EVP_MD_get_size(algorithm)), '\0');
    require(EVP_Digest(bytes.data(), bytes.size(), raw(out), nullptr, algorithm, nullptr) == 1);
    return out;
}

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

CipherContext new_cipher() {
    CipherContext cipher{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
    require(cipher != nullptr);
    return cipher;
}

Error cannot_open() {
    return Error{.kind = ErrorKind::state_unreadable,
                 .summary = "Sealed value cannot be opened",
                 .cause = "The key is not the one it was sealed with, or the sealed bytes were changed.",
                 .remedy = "Check the key that \"encryption\" in the environment's configuration names."};
}

}  // namespace

std::string sha256(std::string_view bytes) { return digest(EVP_sha256(), bytes); }
std::string sha256_hex(std::string_view bytes) { return hex_encode(sha256(bytes)); }
std::string md5(std::string_view bytes) { return digest(EVP_md5(), bytes); }

std::uint32_t crc32(std::string_view bytes) {
    static const auto table = [] {
        std::array<std::uint32_t, 256> made{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            auto rest = i;
            for (int bit = 0; bit < 8; ++bit) rest = (rest & 1U) != 0 ? 0xEDB88320U ^ (rest >> 1U) : rest >> 1U;
            made[i] = rest;
        }
        return made;
    }();
    std::uint32_t sum = 0xFFFFFFFFU;
    for (const char c : bytes) sum = table[(sum ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (sum >> 8U);
    return ~sum;
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
    std::string out(32, '\0');
    unsigned int length = 0;
    const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(message), message.size(), raw(out), &length);
    require(made != nullptr);
    return out;
}

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    require(RAND_bytes(raw(out), static_cast<int>(count)) == 1);
    return out;
}

std::string random_token() { return hex_encode(random_bytes(16)); }

Sha256::Sha256() : context_{EVP_MD_CTX_new()} {
    require(context_ != nullptr && EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), EVP_sha256(), nullptr) == 1);
}
Sha256::~Sha256() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }

void Sha256::add(std::string_view bytes) { require(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size()) == 1); }

std::string Sha256::finish_hex() {
    std::string out(32, '\0');
    require(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), raw(out), nullptr) == 1);
    return hex_encode(out);
}

void wipe(std::string& bytes) { OPENSSL_cleanse(bytes.data(), bytes.size()); }

SealKey::SealKey(std::string_view bytes) {
    if (bytes.size() != bytes_.size()) throw std::invalid_argument("a seal key has 32 bytes");
    std::ranges::copy(bytes, bytes_.begin());
}

SealKey::~SealKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

SealKey key_from_passphrase(std::string_view passphrase, std::string_view salt, std::uint32_t iterations) {
    std::array<char, 32> key{};
    const int worked = PKCS5_PBKDF2_HMAC(passphrase.data(), static_cast<int>(passphrase.size()), raw(salt), static_cast<int>(salt.size()),
                                         static_cast<int>(iterations), EVP_sha256(), static_cast<int>(key.size()), raw(key.data()));
    require(worked == 1);
    SealKey made{std::string_view{key.data(), key.size()}};
    OPENSSL_cleanse(key.data(), key.size());
    return made;
}

std::string seal(const SealKey& key, std::string_view plain, std::string_view context) {
    return seal(key, plain, SealContext{&context, 1});
}

std::string seal(const SealKey& key, std::string_view plain, SealContext context) {
    const auto nonce = random_bytes(nonce_size);
    std::string out = nonce;
    out.resize(nonce_size + plain.size() + tag_size);
    auto* const text = raw(out) + nonce_size;
    int length = 0;

    const auto cipher = new_cipher();
    require(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(key.bytes()), raw(std::string_view{nonce})) == 1);
    for (const auto piece : context)
        require(EVP_EncryptUpdate(cipher.get(), nullptr, &length, raw(piece), static_cast<int>(piece.size())) == 1);
    require(EVP_EncryptUpdate(cipher.get(), text, &length, raw(plain), static_cast<int>(plain.size())) == 1);
    require(EVP_EncryptFinal_ex(cipher.get(), text + length, &length) == 1);
    require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_size, text + plain.size()) == 1);
    return out;
}

Result<std::string> open_sealed(const SealKey& key, std::string_view sealed, std::string_view context) {
    return open_sealed(key, sealed, SealContext{&context, 1});
}

Result<std::string> open_sealed(const SealKey& key, std::string_view sealed, SealContext context) {
    if (sealed.size() < nonce_size + tag_size) return cannot_open();
    const auto nonce = sealed.substr(0, nonce_size);
    const auto text = sealed.substr(nonce_size, sealed.size() - nonce_size - tag_size);
    std::string tag{sealed.substr(sealed.size() - tag_size)};
    std::string plain(text.size(), '\0');
    int length = 0;

    const auto cipher = new_cipher();
    require(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(key.bytes()), raw(nonce)) == 1);
    for (const auto piece : context)
        require(EVP_DecryptUpdate(cipher.get(), nullptr, &length, raw(piece), static_cast<int>(piece.size())) == 1);
    require(EVP_DecryptUpdate(cipher.get(), raw(plain), &length, raw(text), static_cast<int>(text.size())) == 1);
    require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_size, raw(tag)) == 1);
    if (EVP_DecryptFinal_ex(cipher.get(), raw(plain) + length, &length) != 1) return cannot_open();
    return plain;
}

}  // namespace strata
