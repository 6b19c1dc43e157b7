using System.Collections.Concurrent;
using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// What an apply has to know beyond its phase, where groups are among what is changed: whether a group gives what is about to be taken from a person by name, so that whoever moves from the
/// one to the other is not left without both; and how the platform spells principals. It begins anew with each look at the platform.
/// </summary>
internal sealed class ApplySight
{
    private readonly ConcurrentDictionary<FactKey, bool> _there = [];
    private (AccessIntent Of, DesiredReaders Readers)? _desired;
    private IReadOnlyDictionary<string, string> _spelled = new Dictionary<string, string>();
    private bool _hasSeen;

    /// <summary>Begins with what was seen.</summary>
    public void Begin(AccessIntent intent, DesiredReaders readers, ObservedState seen, IReadOnlyDictionary<string, string> spelled)
    {
        _spelled = spelled;
        _there.Clear();
        (_desired, _hasSeen) = ((intent, readers), true);
        var groups = seen.Facts.Where(static f => f is { Owner: FactOwner.Ours, Key.Kind: FactKind.Audience }).Select(static f => f.Key.Subject).ToHashSet(StringComparer.Ordinal);
        foreach (var fact in seen.Facts.Where(f => f.Key.Kind is FactKind.Member or FactKind.Grant && groups.Contains(f.Key.Subject))) _there[fact.Key] = true;
    }

    /// <summary>A principal as the platform spells it, where it has told.</summary>
    public string Spell(string principal) => _spelled.GetValueOrDefault(principal, principal);

    /// <summary>Takes up how a change ended.</summary>
    public void Tell(ChangeOutcome outcome)
    {
        var (change, error, _) = outcome;
        if (error is null && change.Key.Kind is FactKind.Member or FactKind.Grant) _there[change.Key] = change.Verb != ChangeVerb.Remove;
    }

    /// <summary>Why a change can't be made now; null when it can.</summary>
    public ChangeOutcome? Refuse(AccessIntent intent, Change change) =>
        _hasSeen && change is { Key: { Kind: FactKind.Grant, Object: not null }, Verb: ChangeVerb.Remove, Phase: ChangePhase.Revoke } ? RefuseMove(intent, change) : null;

    // What somebody shall have by a group, and by name no more, is left to them until the group gives it.
    private ChangeOutcome? RefuseMove(AccessIntent intent, Change change)
    {
        var (path, principal, privilege) = (change.Key.Object!, change.Key.Subject, change.Key.Detail);
        var by = ReadersOf(intent).GroupsOf(path, principal, privilege).ToList();
        if (by.Count == 0 || by.Exists(g => IsThere(new FactKey(FactKind.Grant, path, g, privilege)) && IsMember(intent, g, principal))) return null;
        return new ChangeOutcome(change, $"Not taken away: {principal} shall have it by group {by[0]}, which does not give it yet.", IsTransient: true);
    }

    private bool IsMember(AccessIntent intent, string group, string principal) =>
        IsThere(new FactKey(FactKind.Member, null, group, principal))
        || ReadersOf(intent).MembersOf(group).Any(m => m.Equals(principal, StringComparison.OrdinalIgnoreCase) && IsThere(new FactKey(FactKind.Member, null, group, m)));

    private bool IsThere(FactKey key) => _there.GetValueOrDefault(key);

    private DesiredReaders ReadersOf(AccessIntent intent)
    {
        if (_desired is { } known && ReferenceEquals(known.Of, intent)) return known.Readers;
        var readers = new DesiredReaders(AccessCompiler.Compile(intent));
        _desired = (intent, readers);
        return readers;
    }
}
