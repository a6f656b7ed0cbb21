/**
 * The calls of libsrtp 3 that the worker makes, over libsrtp 2.
 *
 * What differs: libsrtp 3 has an opaque policy object, works from one buffer to another, counts in
 * size_t and takes the room in the output buffer as an argument. libsrtp 2 works in place, counts in
 * int and trusts the caller that SRTP_MAX_TRAILER_LEN bytes behind the packet may be written.
 */
#pragma once

// Both versions have a type of this name: ours is the handle, libsrtp's own becomes a plain struct.
#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <openssl/crypto.h>

/** Codes that libsrtp 2 does not have, with the values libsrtp 3 gives them. */
inline constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

/** A policy for one wildcard stream with one master key. Wipes the key when destroyed. */
struct SrtpPolicy
{
	srtp2_policy_t policy{};
	uint8_t key[SRTP_MAX_KEY_LEN]{};

	SrtpPolicy() = default;
	SrtpPolicy(const SrtpPolicy&) = delete;
	SrtpPolicy& operator=(const SrtpPolicy&) = delete;

	~SrtpPolicy()
	{
		OPENSSL_cleanse(this->key, sizeof(this->key));
	}
};

using srtp_policy_t = SrtpPolicy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	*policy = new (std::nothrow) SrtpPolicy();

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->policy.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	const auto status = srtp_crypto_policy_set_from_profile_for_rtp(&policy->policy.rtp, profile);

	if (status != srtp_err_status_ok)
	{
		return status;
	}

	return srtp_crypto_policy_set_from_profile_for_rtcp(&policy->policy.rtcp, profile);
}

/** Call after srtp_policy_set_profile(): the length of key and salt must be what the profile says. */
inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* mki,
  size_t mkiLen)
{
	// libsrtp 2 reads exactly cipher_key_len bytes from the key.
	const auto wanted = static_cast<size_t>(policy->policy.rtp.cipher_key_len);

	if (
	  mki || mkiLen != 0 || policy->policy.key || keyLen > sizeof(policy->key) ||
	  saltLen > sizeof(policy->key) - keyLen || keyLen + saltLen != wanted ||
	  policy->policy.rtcp.cipher_key_len != policy->policy.rtp.cipher_key_len)
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->key, key, keyLen);
	std::memcpy(policy->key + keyLen, salt, saltLen);
	policy->policy.key = policy->key;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	policy->policy.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t packets)
{
	policy->policy.window_size = packets;

	return srtp_err_status_ok;
}

/** Copies the key into the session: the policy may be destroyed afterwards. */
inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	// Without a key libsrtp 2 would go on to look for a list of keys.
	if (!policy->policy.key)
	{
		return srtp_err_status_bad_param;
	}

	return srtp_create(session, static_cast<const srtp2_policy_t*>(&policy->policy));
}

/** `ssrc` is in network byte order, in both versions. */
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

namespace conclave
{
	/**
	 * Runs an in-place call of libsrtp 2 from one buffer to another (or the same).
	 *
	 * @param outLen - In: room in `out`. Out: length of the result; unchanged on failure.
	 * @param growth - The most that `call` writes behind the packet.
	 */
	template<typename Call>
	inline srtp_err_status_t SrtpInPlace(
	  Call call, srtp_t session, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t growth)
	{
		if (inLen > INT_MAX - growth)
		{
			return srtp_err_status_bad_param;
		}

		if (*outLen < inLen + growth)
		{
			return srtp_err_status_buffer_small;
		}

		if (in != out)
		{
			std::memmove(out, in, inLen);
		}

		int len           = static_cast<int>(inLen);
		const auto status = call(session, out, &len);

		if (status == srtp_err_status_ok)
		{
			*outLen = static_cast<size_t>(len);
		}

		return status;
	}
} // namespace conclave

/** Both directions may be called with `in == out`; `mkiIndex` is ignored because no key has an MKI. */
inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
	const auto call = [](srtp_t s, void* packet, int* len) { return srtp_protect(s, packet, len); };

	return conclave::SrtpInPlace(call, session, rtp, rtpLen, srtp, srtpLen, SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	const auto call = [](srtp_t s, void* packet, int* len) { return srtp_unprotect(s, packet, len); };

	return conclave::SrtpInPlace(call, session, srtp, srtpLen, rtp, rtpLen, 0);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
	const auto call = [](srtp_t s, void* packet, int* len) { return srtp_protect_rtcp(s, packet, len); };

	return conclave::SrtpInPlace(call, session, rtcp, rtcpLen, srtcp, srtcpLen, SRTP_MAX_TRAILER_LEN + 4);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	const auto call = [](srtp_t s, void* packet, int* len) { return srtp_unprotect_rtcp(s, packet, len); };

	return conclave::SrtpInPlace(call, session, srtcp, srtcpLen, rtcp, rtcpLen, 0);
}
