using Sluice.Core.Access;
using Sluice.Core.Catalog;

namespace Sluice.Core.Planning;

/// <summary>What expiries take away: the difference between what is asked for and what would be, had nothing expired since the platform was last in order.</summary>
public sealed class ExpiredAccess
{
    private readonly Dictionary<ObjectPath, (IntendedObject Now, IntendedObject Unexpired)> _objects;
    private readonly Dictionary<AudienceId, HashSet<string>> _lapsed = [];
    private readonly AccessIntent _now;
    private readonly AccessIntent _unexpired;
    private readonly HashSet<FactKey> _otherwise;

    /// <summary>Compares.</summary>
    /// <param name="now">What is asked for.</param>
    /// <param name="unexpired">What would be: of the same objects, in the same order.</param>
    /// <param name="otherwise">The plan that would bring it about.</param>
    public ExpiredAccess(AccessIntent now, AccessIntent unexpired, Plan otherwise)
    {
        (_now, _unexpired) = (now, unexpired);
        _objects = now.Objects.Zip(unexpired.Objects).ToDictionary(static o => o.First.Object.Path);
        _otherwise = [.. otherwise.Changes.Select(static c => c.Key)];
        HeldLost = otherwise.Impact.HeldLost;
    }

    /// <summary>What the guard would count as lost.</summary>
    public long HeldLost { get; }

    /// <summary>Whether a change comes of an expiry and of nothing else.</summary>
    public bool Explains(Change change) => !_otherwise.Contains(change.Key);

    /// <summary>Whether an identity would be let read or write an object, had nothing expired, and is not.</summary>
    public bool Ends(string identity, ObjectPath on) =>
        _objects.TryGetValue(on, out var both) && (Ends(identity, both.Now, both.Unexpired, isWriting: false) || Ends(identity, both.Now, both.Unexpired, isWriting: true));

    private bool Ends(string identity, IntendedObject now, IntendedObject unexpired, bool isWriting)
    {
        var rule = isWriting ? now.Access.Write : now.Access.Read;
        var (direct, wasDirect) = isWriting ? (now.DirectWriters, unexpired.DirectWriters) : (now.DirectReaders, unexpired.DirectReaders);
        if (direct.Contains(identity)) return false;
        return LapsedFrom(rule).Contains(identity) || (wasDirect.Contains(identity) && !_now.MembersOf(rule).Contains(identity, StringComparer.Ordinal));
    }

    // Whom a rule no longer holds for.
    private HashSet<string> LapsedFrom(AccessRule rule)
    {
        if (_lapsed.TryGetValue(rule.Id, out var lapsed)) return lapsed;
        lapsed = _unexpired.MembersOf(rule).ToHashSet(StringComparer.Ordinal);
        lapsed.ExceptWith(_now.MembersOf(rule));
        _lapsed.Add(rule.Id, lapsed);
        return lapsed;
    }
}
