using System.Collections.Immutable;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>An LF-Tag that may be assigned.</summary>
/// <param name="Key">In lower case, as all keys and values are stored.</param>
/// <param name="Values">What it may be set to.</param>
/// <param name="Creator">The ARN of who made it: holds every permission on it without a grant.</param>
internal sealed record LFTag(string Key, ImmutableSortedSet<string> Values, string Creator);

/// <summary>The LF-Tags of the account.</summary>
internal sealed class TagStore
{
    private readonly SortedList<string, LFTag> byKey = new(StringComparer.Ordinal);

    public IEnumerable<LFTag> All => byKey.Values;

    public int Count => byKey.Count;

    public LFTag? Find(string key) => byKey.GetValueOrDefault(key);

    public void Put(LFTag tag) => byKey[tag.Key] = tag;

    public void Remove(string key) => byKey.Remove(key);
}
