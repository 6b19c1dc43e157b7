using Sluice.Core.Catalog;

namespace Sluice.Engine.QueryAudit;

/// <summary>What a reading of the query audit has looked up: it meets the same objects and identities again and again.</summary>
internal sealed class KnownOnTheWay
{
    /// <summary>The policies on objects.</summary>
    public Dictionary<ObjectPath, KnownPolicies> Policies { get; } = [];

    /// <summary>From when on the policies were looked up; null: none were yet.</summary>
    public DateTimeOffset? LookedUpSince { get; set; }

    /// <summary>How identities are spelled here, by any spelling of them; null where each is what it is spelled, or before it was looked up.</summary>
    public ILookup<string, string>? Spellings { get; set; }

    /// <summary>Forgets the policies: something was changed since they were looked up.</summary>
    public void ForgetPolicies()
    {
        Policies.Clear();
        LookedUpSince = null;
    }
}

/// <summary>The policies on an object, looked up at some time.</summary>
/// <param name="Keys">Their keys.</param>
/// <param name="Since">
/// Since when what is stored of the object and of what lies above it is the same, with the tags that a crawl found; <see cref="DateTimeOffset.MaxValue"/> where tags came
/// along lineage, for since when they have is not stored.
/// </param>
internal sealed record KnownPolicies(IReadOnlyList<string> Keys, DateTimeOffset Since)
{
    /// <summary>Of an object that no policy decides about.</summary>
    public static readonly KnownPolicies None = new([], DateTimeOffset.MinValue);
}
