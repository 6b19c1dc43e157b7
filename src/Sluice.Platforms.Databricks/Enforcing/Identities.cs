using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>The identities of registered people. Databricks' user names are e-mail addresses, whose case means nothing.</summary>
internal sealed class Identities
{
    /// <summary>Tells whether two spellings are one principal.</summary>
    public static readonly StringComparer Comparer = StringComparer.OrdinalIgnoreCase;

    private readonly HashSet<string> _exact;
    private readonly Dictionary<string, string> _spelled = new(Comparer);

    private readonly IReadOnlySet<string> _groups;

    /// <summary>Of an intent.</summary>
    /// <param name="intent">Who is registered.</param>
    /// <param name="groups">The groups among the names: nobody's identities.</param>
    public Identities(AccessIntent intent, IReadOnlySet<string> groups)
    {
        _groups = groups;
        _exact = intent.Identities.Select(static i => i.Name).Where(IsSingle).ToHashSet(StringComparer.Ordinal);
        foreach (var name in _exact.Order(StringComparer.Ordinal)) _spelled.TryAdd(name, name);
    }

    /// <summary>How many there are.</summary>
    public int Count => _exact.Count;

    /// <summary>All of them.</summary>
    public IReadOnlySet<string> All => _exact;

    /// <summary>A principal as it is spelled here; itself when it is nobody's identity.</summary>
    public string Spell(string principal) => _exact.Contains(principal) ? principal : _spelled.GetValueOrDefault(principal, principal);

    /// <summary>Whether a principal is one user or service principal, and no group.</summary>
    public bool IsSingle(string principal) => Principals.IsSingle(principal) && !_groups.Contains(principal);

    /// <summary>Whether a principal is a group that is called as a user or service principal is.</summary>
    public bool IsNamesake(string principal) => _groups.Contains(principal);

    /// <summary>Whether a principal is somebody's identity.</summary>
    public bool Has(string principal) => _exact.Contains(principal) || _spelled.ContainsKey(principal);
}
