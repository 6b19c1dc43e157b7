using System.Runtime.InteropServices;
using Sluice.Core.Access;

namespace Sluice.Core.Planning;

/// <summary>Who belongs to which native audience, in numbers of <see cref="FactNumbers"/>. A grantee that is no audience is a reader itself.</summary>
internal sealed class AudienceMembers
{
    // By the number of a name: null for what is no audience.
    private readonly List<int>?[] _members;

    // The same as sets, of audiences that were asked for and are large enough for a set to be at most twice as large.
    private readonly ulong[]?[] _sets;

    // Those that exist, with or without members.
    private readonly ulong[] _existing;

    private AudienceMembers(List<int>?[] members, ulong[] existing) => (_members, _sets, _existing) = (members, new ulong[]?[members.Length], existing);

    /// <summary>By the facts there are.</summary>
    /// <param name="facts">All of them.</param>
    /// <param name="names">How many names have numbers, those of all changes to come among them.</param>
    public static AudienceMembers Of(ReadOnlySpan<NumberedKey> facts, int names)
    {
        var found = new AudienceMembers(new List<int>?[names], new ulong[Bits.Words(names)]);
        foreach (var key in facts)
        {
            if (key.Kind == FactKind.Audience) found.Exists(key.Subject, true);
            else if (key.Kind == FactKind.Member) found.ListOf(key.Subject).Add(key.Detail);
        }

        foreach (var list in found._members) list?.Sort();
        return found;
    }

    /// <summary>The same after changes.</summary>
    /// <param name="changes">All of a plan.</param>
    /// <param name="touched">The audiences that come, go, or have other members.</param>
    public AudienceMembers After(IEnumerable<NumberedChange> changes, HashSet<int> touched)
    {
        var after = new AudienceMembers([.. _members], [.. _existing]);
        foreach (var (key, isRemoved) in changes.Where(static c => c.Key.Kind is FactKind.Audience or FactKind.Member))
        {
            if (touched.Add(key.Subject) && _members[key.Subject] is { } before) after._members[key.Subject] = [.. before];
            if (key.Kind == FactKind.Audience) after.Exists(key.Subject, !isRemoved);
            else after.Change(key, isRemoved);
        }

        foreach (var audience in touched)
            if (after._members[audience] is { Count: 0 } && !Bits.Has(after._existing, audience)) after._members[audience] = null;
        return after;
    }

    /// <summary>Whether a grantee is an audience.</summary>
    /// <param name="grantee">Its number.</param>
    /// <param name="members">Who belongs to it, in the order of their numbers.</param>
    public bool IsAudience(int grantee, out ReadOnlySpan<int> members)
    {
        var list = _members[grantee];
        members = CollectionsMarshal.AsSpan(list);
        return list is not null;
    }

    /// <summary>Whether somebody is a grantee, or belongs to it.</summary>
    public bool IsAmong(int person, int grantee)
    {
        if (person == grantee) return true;
        if (_sets[grantee] is { } set) return Bits.Has(set, person);
        if (_members[grantee] is not { } members) return false;
        if (members.Count < _members.Length / 64) return members.BinarySearch(person) >= 0;
        set = _sets[grantee] = new ulong[Bits.Words(_members.Length)];
        foreach (var member in members) Bits.Set(set, member);
        return Bits.Has(set, person);
    }

    private void Change(NumberedKey key, bool isRemoved)
    {
        var list = ListOf(key.Subject);
        var place = list.BinarySearch(key.Detail);
        if (isRemoved && place >= 0) list.RemoveAt(place);
        else if (!isRemoved && place < 0) list.Insert(~place, key.Detail);
    }

    private void Exists(int audience, bool does)
    {
        Bits.Set(_existing, audience, does);
        if (does) ListOf(audience);
    }

    private List<int> ListOf(int audience) => _members[audience] ??= [];
}

/// <summary>A change in numbers. A replaced fact is there before and after.</summary>
/// <param name="Key">Of which fact.</param>
/// <param name="IsRemoved">Whether it goes.</param>
internal readonly record struct NumberedChange(NumberedKey Key, bool IsRemoved);
