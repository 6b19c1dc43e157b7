using System.Text.Json.Serialization;
using Sluice.Core.Catalog;
using Sluice.Engine.Enforcing;

namespace Sluice.Server.Plans;

/// <summary>A grant of somebody else's that was taken away.</summary>
internal sealed record RemovedGrantAnswer
{
    public required Guid Id { get; init; }
    public required IReadOnlyList<string> ObjectPath { get; init; }
    public required string Grantee { get; init; }
    public required string Privilege { get; init; }

    /// <summary>What puts it back, in the platform's terms.</summary>
    public required string Restore { get; init; }

    /// <summary>Who made it, where the platform told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MadeBy { get; init; }
    public required DateTimeOffset RemovedAt { get; init; }

    /// <summary>By which plan; one of a deleted connection is gone.</summary>
    public required Guid PlanId { get; init; }

    /// <summary>Whether its connection is there; else a person has to run what puts it back.</summary>
    public required bool CanBePutBack { get; init; }

    public static RemovedGrantAnswer Of(RemovedGrantView view) => new()
    {
        Id = view.Grant.Id,
        ObjectPath = view.Grant.Object.Names,
        Grantee = view.Grant.Grantee,
        Privilege = view.Grant.Privilege,
        Restore = view.Grant.Restore,
        MadeBy = view.Grant.MadeBy,
        RemovedAt = view.Grant.RemovedAt,
        PlanId = view.Grant.PlanId,
        CanBePutBack = view.CanBePutBack,
    };
}

/// <summary>That there are grants which were taken away, and how they are put back.</summary>
/// <param name="Count">How many.</param>
/// <param name="List">Where they are listed.</param>
/// <param name="How">How they are put back.</param>
internal sealed record RemovedGrantsOffer(int Count, string List, string How)
{
    private const string ById = "POST /api/v1/removed-grants/restore with their ids, or sluice restore";

    /// <summary>Of an object; null when there are none.</summary>
    public static RemovedGrantsOffer? Of(ObjectPath path, int count, bool canBePutBack) => count == 0 ? null : new RemovedGrantsOffer(
        count,
        $"/api/v1/removed-grants?connection={Uri.EscapeDataString(path.ConnectionKey)}{(path.Depth == 0 ? "" : $"&objectPath={Uri.EscapeDataString(Text(path))}")}",
        canBePutBack ? ById : "The connection's credentials go with it: run the statements of the list. cleanup=true&restore=true puts them back before a connection goes.");

    private static string Text(ObjectPath path) => System.Text.Json.JsonSerializer.Serialize(path.Names.ToArray(), Http.ApiJson.Answers.StringArray);
}
