using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// Who gets an object, and what can't be enforced on it as asked: what can't be masked or filtered there is left to those who are exempt from it. To write
/// it as well, for a statement that changes what has some value tells what rows there are. Made once for all objects that are treated alike.
/// </summary>
internal sealed class AccessShape
{
    private readonly HashSet<string>? _unnarrowed;

    /// <summary>The shape.</summary>
    /// <param name="intent">Who everybody is.</param>
    /// <param name="access">What is asked for.</param>
    /// <param name="kind">Of what.</param>
    /// <param name="narrowing">What can't be enforced on it as asked.</param>
    public AccessShape(AccessIntent intent, ObjectAccess access, ObjectKind kind, IReadOnlyList<Narrowing> narrowing)
    {
        AccessRule[] exempt = [.. narrowing.Select(static n => n.Exempt).Where(static r => !r.Equals(AccessRule.Everybody))];
        var (read, write) = (AccessRule.All([access.Read, .. exempt]), AccessRule.All([access.Write, .. exempt]));
        var isWritable = Privileges.IsWritable(kind);
        (Read, Write) = (read, isWritable ? write : AccessRule.Nobody);
        Readers = [.. intent.MembersOf(Read).Where(Principals.IsSingle)];
        Writers = [.. intent.MembersOf(Write).Where(Principals.IsSingle)];
        if (exempt.Length > 0) _unnarrowed = intent.MembersOf(AccessRule.All(exempt)).ToHashSet(StringComparer.Ordinal);
        var reasons = narrowing.Where(static n => !n.Exempt.Equals(AccessRule.Everybody)).Select(static n => n.Reason).Distinct(StringComparer.Ordinal).ToList();
        if (exempt.Length > 0 && intent.ExemptRoles.Count > 0)
            reasons.Add($"whom the connection's settings leave alone ({string.Join(", ", intent.ExemptRoles)}) does not count among the exempt there: who is in a group can't be known before a session");
        if (!isWritable && !access.Write.Equals(AccessRule.Nobody)) reasons.Add("cannot enforce access to write: Databricks knows no MODIFY on a view or materialized view, so nobody is granted it");
        Shortfalls = reasons;
        IsWritable = isWritable;
    }

    /// <summary>Who reads by a rule.</summary>
    public AccessRule Read { get; }

    /// <summary>Who writes by a rule.</summary>
    public AccessRule Write { get; }

    /// <summary>The principals of <see cref="Read"/>.</summary>
    public IReadOnlyList<string> Readers { get; }

    /// <summary>The principals of <see cref="Write"/>.</summary>
    public IReadOnlyList<string> Writers { get; }

    /// <summary>What can't be enforced as asked.</summary>
    public IReadOnlyList<string> Shortfalls { get; }

    /// <summary>Whether there is a privilege to write it.</summary>
    public bool IsWritable { get; }

    /// <summary>Whether nothing that can't be enforced is in a principal's way.</summary>
    public bool Admits(string principal) => _unnarrowed?.Contains(principal) != false;
}

/// <summary>Something that can't be enforced as asked.</summary>
/// <param name="Exempt">Those who need not be kept from the object for it.</param>
/// <param name="Reason">What and why.</param>
internal sealed record Narrowing(AccessRule Exempt, string Reason);
