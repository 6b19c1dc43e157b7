using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>The identities of registered people. Databricks' user names are e-mail addresses, whose case means nothing.</summary>
internal sealed class Identities
{
    /// <summary>Tells whether two spellings are one principal.</summary>
    public static readonly StringComparer Comparer = StringComparer.OrdinalIgnoreCase;

    private readonly HashSet<string> _exact;
    private readonly Dictionary<string, string> _spelled = new(Comparer);

    public Identities(AccessIntent intent)
    {
        _exact = intent.Identities.Select(static i => i.Name).Where(Principals.IsSingle).ToHashSet(StringComparer.Ordinal);
        foreach (var name in _exact.Order(StringComparer.Ordinal)) _spelled.TryAdd(name, name);
    }

    /// <summary>How many there are.</summary>
    public int Count => _exact.Count;

    /// <summary>All of them.</summary>
    public IReadOnlySet<string> All => _exact;

    /// <summary>A principal as it is spelled here; itself when it is nobody's identity.</summary>
    public string Spell(string principal) => _exact.Contains(principal) ? principal : _spelled.GetValueOrDefault(principal, principal);

    /// <summary>Whether a principal is somebody's identity.</summary>
    public bool Has(string principal) => _exact.Contains(principal) || _spelled.ContainsKey(principal);
}
