/**
 * The three names the worker takes from ankerl::unordered_dense, over Abseil's hash tables.
 *
 * Like the original, a reference into a container is only good until the next insertion.
 */
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/hash/hash.h>
#include <functional>
#include <iterator>

namespace ankerl::unordered_dense
{
	template<typename Key>
	using hash = absl::Hash<Key>;

	/** Abseil's erase(iterator) returns nothing; the worker continues from what it returns. */
	template<typename Table>
	class ErasingTable : public Table
	{
	public:
		using Table::erase;
		using Table::Table;

		typename Table::iterator erase(typename Table::iterator position)
		{
			const auto next = std::next(position);

			Table::erase(position);

			return next;
		}
	};

	template<typename Key, typename Value, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
	using map = ErasingTable<absl::flat_hash_map<Key, Value, Hash, Equal>>;

	template<typename Key, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
	using set = ErasingTable<absl::flat_hash_set<Key, Hash, Equal>>;
} // namespace ankerl::unordered_dense
