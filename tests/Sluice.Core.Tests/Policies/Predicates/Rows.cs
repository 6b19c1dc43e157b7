using CsCheck;
using Sluice.Core.People;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Tests.Policies.Predicates;

/// <summary>Rows to evaluate in.</summary>
internal static class Rows
{
    /// <summary>Ann of okta, an analyst for the EU, looks at an order.</summary>
    internal static readonly PredicateRow Order = new()
    {
        Person = new Person
        {
            Id = "1",
            Username = "ann",
            Source = "okta",
            Groups = new HashSet<string> { "Analysts", "Staff", "EU" },
            Attributes = new HashSet<PersonAttribute> { new("Region", "EU"), new("Clearance", "PII"), new("Code", "5"), new("Since", "2026-01-31") },
        },
        KnownGroups = new HashSet<string> { "Analysts", "Staff", "EU", "Audit" },
        KnownAttributes = new HashSet<string> { "Region", "Clearance", "Code", "Since", "Team" },
        Database = "SALES",
        Table = "orders",
        Tags = ["Domain.Sales", "PII"],
        Columns = new Dictionary<string, object?>
        {
            ["amount"] = 5.00m,
            ["region"] = "EU",
            ["country"] = "de",
            ["nothing"] = null,
            ["active"] = true,
            ["day"] = new DateOnly(2026, 1, 31),
            ["at"] = new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc),
            ["foreign"] = 5,
            ["spaced"] = "  x ",
            ["beavers"] = "🦫🦫",
        },
        ColumnTags = new Dictionary<string, IReadOnlyCollection<string>>
        {
            ["region"] = ["Geo.Region"],
            ["country"] = ["Geo.Country", "Staff"],
            ["amount"] = ["Money"],
            ["nothing"] = ["Gone"],
        },
        Now = new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc),
    };

    private static readonly Gen<object?> Value = Gen.OneOf(
        Asts.AnyText.Select(text => (object?)text), Gen.Int[-2, 2].Select(i => (object?)(decimal)i), Gen.Bool.Select(value => (object?)value),
        Gen.Int[0, 9].Select(day => (object?)new DateOnly(2026, 1, 1).AddDays(day)), Gen.Int[0, 9].Select(day => (object?)DateTime.UnixEpoch.AddDays(day)),
        Gen.Const((object?)null), Gen.Const((object?)5), Gen.Const((object?)double.NaN));

    /// <summary>The same, with any values in the columns that generated predicates often name.</summary>
    internal static readonly Gen<PredicateRow> Any = Gen.Select(Value, Value, Value, Gen.Bool).Select(
        (a, b, c, isTagged) => Order with
        {
            Columns = new Dictionary<string, object?> { ["a"] = a, ["b"] = b, ["_c"] = c },
            ColumnTags = new Dictionary<string, IReadOnlyCollection<string>> { ["a"] = ["orders", "%"], ["b"] = isTagged ? ["orders.b", "é"] : [] },
        });
}
