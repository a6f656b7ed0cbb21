// SRTP and SRTCP with AEAD_AES_128_GCM (RFC 7714 over RFC 3711): no key derivation rate, no MKI.
#pragma once
#include <openssl/evp.h>

#include <array>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>

#include "bytes.hpp"

constexpr size_t KEY_BYTES = 16;
constexpr size_t SALT_BYTES = 12;
constexpr size_t TAG_BYTES = 16;
constexpr size_t BLOCK_BYTES = 16;
/** SRTCP's own trailer: the E flag and the index. */
constexpr size_t SRTCP_INDEX_BYTES = 4;
constexpr size_t RTCP_HEADER_BYTES = 8;

using Iv = std::array<uint8_t, SALT_BYTES>;

/** One side's master key and salt, as DTLS gives them. */
struct MasterKey {
  std::array<uint8_t, KEY_BYTES> key;
  std::array<uint8_t, SALT_BYTES> salt;
};

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

inline void must(int outcome) {
  if (outcome != 1) throw std::runtime_error("OpenSSL refused");
}

inline Cipher openCipher(const EVP_CIPHER* algorithm, const uint8_t* key, const uint8_t* iv, bool seals) {
  Cipher cipher(EVP_CIPHER_CTX_new());
  must(EVP_CipherInit_ex(cipher.get(), algorithm, nullptr, key, iv, seals ? 1 : 0));
  EVP_CIPHER_CTX_set_padding(cipher.get(), 0);
  return cipher;
}

/** AES in counter mode over zeros, from the salt with the label in it (RFC 3711, section 4.3.1; RFC 7714, 11). */
template <size_t N>
std::array<uint8_t, N> derive(const MasterKey& master, uint8_t label) {
  std::array<uint8_t, BLOCK_BYTES> start{};
  std::copy(master.salt.begin(), master.salt.end(), start.begin());
  start[7] ^= label;
  const Cipher cipher = openCipher(EVP_aes_128_ctr(), master.key.data(), start.data(), true);
  std::array<uint8_t, N> derived{};
  int written = 0;
  must(EVP_EncryptUpdate(cipher.get(), derived.data(), &written, derived.data(), N));
  return derived;
}

/** Labels of the key derivation (RFC 3711, section 4.3.2). */
struct Labels {
  uint8_t key;
  uint8_t salt;
};
constexpr Labels RTP_LABELS{0, 2};
constexpr Labels RTCP_LABELS{3, 5};

/** AES-128-GCM under one session key, in one direction. */
class Gcm {
 public:
  Gcm(const MasterKey& master, Labels labels, bool seals)
      : salt_(derive<SALT_BYTES>(master, labels.salt)),
        key_(derive<KEY_BYTES>(master, labels.key)),
        cipher_(openCipher(EVP_aes_128_gcm(), key_.data(), nullptr, seals)) {}

  const std::array<uint8_t, KEY_BYTES>& key() const { return key_; }

  /** RFC 7714, sections 8.1 and 9.1: two zeros, the SSRC and 48 bits of index, under the salt. */
  Iv iv(uint32_t ssrc, uint64_t index) const {
    Iv iv{};
    write32(&iv[2], ssrc);
    write16(&iv[6], uint32_t(index >> 32));
    write32(&iv[8], uint32_t(index));
    for (size_t at = 0; at < SALT_BYTES; at += 1) iv[at] ^= salt_[at];
    return iv;
  }

  /** In place; the tag is written behind. */
  void seal(const Iv& iv, std::span<const uint8_t> aad, std::span<const uint8_t> aadRest, uint8_t* text, int bytes) {
    begin(iv, aad, aadRest);
    int written = 0;
    must(EVP_EncryptUpdate(cipher_.get(), text, &written, text, bytes));
    must(EVP_EncryptFinal_ex(cipher_.get(), text + written, &written));
    must(EVP_CIPHER_CTX_ctrl(cipher_.get(), EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, text + bytes));
  }

  /** In place, with the tag behind; false when it is not authentic. */
  bool open(const Iv& iv, std::span<const uint8_t> aad, std::span<const uint8_t> aadRest, uint8_t* text, int bytes) {
    begin(iv, aad, aadRest);
    int written = 0;
    must(EVP_CIPHER_CTX_ctrl(cipher_.get(), EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, text + bytes));
    must(EVP_DecryptUpdate(cipher_.get(), text, &written, text, bytes));
    return EVP_DecryptFinal_ex(cipher_.get(), text + written, &written) == 1;
  }

 private:
  void begin(const Iv& iv, std::span<const uint8_t> aad, std::span<const uint8_t> aadRest) {
    must(EVP_CipherInit_ex(cipher_.get(), nullptr, nullptr, nullptr, iv.data(), -1));
    int written = 0;
    must(EVP_CipherUpdate(cipher_.get(), nullptr, &written, aad.data(), int(aad.size())));
    if (!aadRest.empty()) must(EVP_CipherUpdate(cipher_.get(), nullptr, &written, aadRest.data(), int(aadRest.size())));
  }

  std::array<uint8_t, SALT_BYTES> salt_;
  std::array<uint8_t, KEY_BYTES> key_;
  Cipher cipher_;
};

/** Protects what one side sends. */
class SrtpSealer {
 public:
  explicit SrtpSealer(const MasterKey& master) : rtp_(master, RTP_LABELS, true), rtcp_(master, RTCP_LABELS, true) {}

  /** In place, with room for a tag; the answer is the new length. `index` has the rollover counter above. */
  size_t sealRtp(uint8_t* packet, size_t headerBytes, size_t bytes, uint64_t index) {
    const Iv iv = rtp_.iv(read32(packet + 8), index);
    rtp_.seal(iv, {packet, headerBytes}, {}, packet + headerBytes, int(bytes - headerBytes));
    return bytes + TAG_BYTES;
  }

  /** In place. `compound` has room for a tag and a trailer; the answer is its new length. */
  size_t sealRtcp(uint8_t* compound, size_t bytes) {
    rtcpIndex_ += 1;
    uint8_t* trailer = compound + bytes + TAG_BYTES;
    write32(trailer, rtcpIndex_ | 0x8000'0000);
    const Iv iv = rtcp_.iv(read32(compound + 4), rtcpIndex_);
    rtcp_.seal(iv, {compound, RTCP_HEADER_BYTES}, {trailer, SRTCP_INDEX_BYTES}, compound + RTCP_HEADER_BYTES,
               int(bytes - RTCP_HEADER_BYTES));
    return bytes + TAG_BYTES + SRTCP_INDEX_BYTES;
  }

 private:
  Gcm rtp_;
  Gcm rtcp_;
  uint32_t rtcpIndex_ = 0;
};

/** Opens what the other side sends. */
class SrtpOpener {
 public:
  explicit SrtpOpener(const MasterKey& master)
      : rtp_(master, RTP_LABELS, false),
        rtcp_(master, RTCP_LABELS, false),
        block_(openCipher(EVP_aes_128_ecb(), rtp_.key().data(), nullptr, true)) {}

  /** In place; false when it is not authentic. */
  bool openRtp(uint8_t* packet, size_t headerBytes, size_t bytes, uint64_t index) {
    if (bytes < headerBytes + TAG_BYTES) return false;
    const Iv iv = rtp_.iv(read32(packet + 8), index);
    return rtp_.open(iv, {packet, headerBytes}, {}, packet + headerBytes, int(bytes - headerBytes - TAG_BYTES));
  }

  /**
   * One block of 16 bytes of a payload without asking whether it is authentic: GCM encrypts in counter mode and its
   * first block is number 2 (NIST SP 800-38D, section 7.1). A tenth of the cost of opening 1,200 bytes.
   */
  std::array<uint8_t, BLOCK_BYTES> peek(const uint8_t* payload, uint32_t number, uint32_t ssrc, uint64_t index) {
    std::array<uint8_t, BLOCK_BYTES> block{};
    const Iv iv = rtp_.iv(ssrc, index);
    std::copy(iv.begin(), iv.end(), block.begin());
    write32(&block[SALT_BYTES], number + 2);
    int written = 0;
    must(EVP_EncryptUpdate(block_.get(), block.data(), &written, block.data(), BLOCK_BYTES));
    for (size_t at = 0; at < BLOCK_BYTES; at += 1) block[at] ^= payload[number * BLOCK_BYTES + at];
    return block;
  }

  /** In place; the length of the compound packet, 0 when it is not authentic. */
  size_t openRtcp(uint8_t* packet, size_t bytes) {
    if (bytes < RTCP_HEADER_BYTES + TAG_BYTES + SRTCP_INDEX_BYTES) return 0;
    const uint8_t* trailer = packet + bytes - SRTCP_INDEX_BYTES;
    const Iv iv = rtcp_.iv(read32(packet + 4), read32(trailer) & 0x7fff'ffff);
    const size_t text = bytes - RTCP_HEADER_BYTES - TAG_BYTES - SRTCP_INDEX_BYTES;
    const bool isOpened = rtcp_.open(iv, {packet, RTCP_HEADER_BYTES}, {trailer, SRTCP_INDEX_BYTES},
                                     packet + RTCP_HEADER_BYTES, int(text));
    return isOpened ? RTCP_HEADER_BYTES + text : 0;
  }

 private:
  Gcm rtp_;
  Gcm rtcp_;
  Cipher block_;
};
