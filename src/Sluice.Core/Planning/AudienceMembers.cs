using System.Runtime.InteropServices;

namespace Sluice.Core.Planning;

/// <summary>Who belongs to which native audience, in numbers of <see cref="FactNumbers"/>. A grantee that is no audience is a reader itself.</summary>
internal sealed class AudienceMembers
{
    private readonly Dictionary<int, List<int>> _members;
    private readonly HashSet<int> _audiences;

    private AudienceMembers(Dictionary<int, List<int>> members, HashSet<int> audiences) => (_members, _audiences) = (members, audiences);

    /// <summary>By the facts there are.</summary>
    public static AudienceMembers Of(ReadOnlySpan<NumberedKey> facts)
    {
        var found = new AudienceMembers([], []);
        foreach (var key in facts)
        {
            if (key.Kind == FactKind.Audience) found._audiences.Add(key.Subject);
            else if (key.Kind == FactKind.Member) found.ListOf(key.Subject).Add(key.Detail);
        }

        foreach (var list in found._members.Values) list.Sort();
        return found;
    }

    /// <summary>The same after changes.</summary>
    /// <param name="changes">All of a plan.</param>
    /// <param name="touched">The audiences that come, go, or have other members.</param>
    public AudienceMembers After(IEnumerable<NumberedChange> changes, HashSet<int> touched)
    {
        var after = new AudienceMembers(new(_members), [.. _audiences]);
        foreach (var (key, isRemoved) in changes.Where(static c => c.Key.Kind is FactKind.Audience or FactKind.Member))
        {
            if (touched.Add(key.Subject) && _members.TryGetValue(key.Subject, out var before)) after._members[key.Subject] = [.. before];
            if (key.Kind == FactKind.Audience && isRemoved) after._audiences.Remove(key.Subject);
            else if (key.Kind == FactKind.Audience) after._audiences.Add(key.Subject);
            else after.Change(key, isRemoved);
        }

        return after;
    }

    /// <summary>Whether a grantee is an audience.</summary>
    /// <param name="grantee">Its number.</param>
    /// <param name="members">Who belongs to it, in the order of their numbers.</param>
    public bool IsAudience(int grantee, out ReadOnlySpan<int> members)
    {
        var isAudience = _members.TryGetValue(grantee, out var list) || _audiences.Contains(grantee);
        members = CollectionsMarshal.AsSpan(list);
        return isAudience;
    }

    /// <summary>Whether somebody is a grantee, or belongs to it.</summary>
    public bool IsAmong(int person, int grantee) =>
        person == grantee || (_members.TryGetValue(grantee, out var members) && members.BinarySearch(person) >= 0);

    private void Change(NumberedKey key, bool isRemoved)
    {
        var list = ListOf(key.Subject);
        var place = list.BinarySearch(key.Detail);
        if (isRemoved && place >= 0) list.RemoveAt(place);
        else if (!isRemoved && place < 0) list.Insert(~place, key.Detail);
        if (list.Count == 0) _members.Remove(key.Subject);
    }

    private List<int> ListOf(int audience)
    {
        ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_members, audience, out _);
        return list ??= [];
    }
}

/// <summary>A change in numbers. A replaced fact is there before and after.</summary>
/// <param name="Key">Of which fact.</param>
/// <param name="IsRemoved">Whether it goes.</param>
internal readonly record struct NumberedChange(NumberedKey Key, bool IsRemoved);
