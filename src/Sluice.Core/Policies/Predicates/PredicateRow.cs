using System.Collections.Frozen;
using Sluice.Core.People;

namespace Sluice.Core.Policies.Predicates;

/// <summary>What a predicate is evaluated against: a person, an object, and one of its rows.</summary>
public sealed record PredicateRow
{
    /// <summary>Who looks.</summary>
    public required Person Person { get; init; }

    /// <summary>Every name by which a group can be meant.</summary>
    public required IReadOnlySet<string> KnownGroups { get; init; }

    /// <summary>Every attribute's name.</summary>
    public required IReadOnlySet<string> KnownAttributes { get; init; }

    /// <summary><c>@hostname</c>; null is NULL.</summary>
    public string? Hostname { get; init; }

    /// <summary><c>@database</c>; null is NULL.</summary>
    public string? Database { get; init; }

    /// <summary><c>@schema</c>; null is NULL.</summary>
    public string? Schema { get; init; }

    /// <summary><c>@table</c>; null is NULL.</summary>
    public string? Table { get; init; }

    /// <summary>The tags of the object and of what lies above it.</summary>
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>
    /// The values by column: null, <see cref="string"/>, <see cref="decimal"/>, <see cref="bool"/>, <see cref="DateOnly"/> or <see cref="DateTime"/> (UTC).
    /// Whatever else stands here, and a column that is not here, makes unknown what reads it. Names are compared as this dictionary compares them.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Columns { get; init; } = FrozenDictionary<string, object?>.Empty;

    /// <summary>The tags by column.</summary>
    public IReadOnlyDictionary<string, IReadOnlyCollection<string>> ColumnTags { get; init; } = FrozenDictionary<string, IReadOnlyCollection<string>>.Empty;

    /// <summary>How the person is subscribed to the object.</summary>
    public IReadOnlyCollection<SubscriptionKind> Subscriptions { get; init; } = [];

    /// <summary>The present time, UTC: what a time restriction counts back from.</summary>
    public DateTime Now { get; init; }
}
