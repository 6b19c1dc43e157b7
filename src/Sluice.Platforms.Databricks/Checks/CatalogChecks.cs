using Sluice.Platforms.Databricks.Connections;
using Sluice.Platforms.Databricks.Crawling;
using Sluice.Platforms.Databricks.Setup;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Checks;

/// <summary>Checks Sluice's own catalog and what the principal may do with the others.</summary>
/// <param name="unity">Reads.</param>
/// <param name="catalogs">Lists what a crawl would.</param>
/// <param name="settings">Names our own.</param>
/// <param name="principal">The service principal; null when it is not known.</param>
/// <param name="mark">This instance's.</param>
/// <param name="options">How many catalogs are looked at.</param>
internal sealed class CatalogChecks(UnityClient unity, UnityCatalogs catalogs, IntegrationSettings settings, string? principal, InstanceMark mark, DatabricksOptions options)
{
    private const int MostNamed = 20;

    /// <summary>Our own catalog: there, ours, and open to us.</summary>
    public async Task<IReadOnlyList<Check>> OwnAsync(CancellationToken cancellationToken)
    {
        const string name = "catalog";
        CatalogEntry catalog;
        try
        {
            catalog = await unity.CatalogAsync(settings.CatalogName, cancellationToken);
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.NotFound or PlatformFailure.AccessDenied)
        {
            // Unity Catalog answers alike for what is not there and for what may not be seen.
            return
            [
                Verdicts.Failed(
                    name, e.Message,
                    $"Run the script of POST /integrations/scripts/create, which makes the catalog {settings.Catalog} and lets the service principal use it"),
            ];
        }
        catch (PlatformException e) when (Verdicts.IsAnswer(e))
        {
            // Two instances on one catalog would undo each other's policies: what was never proven to be ours is not used.
            var unproven = Verdicts.Failed(name, e.Message, $"Whether the catalog {settings.Catalog} is this instance's own could not be proven. Try again when Databricks answers for it");
            return [unproven with { IsInconclusive = e.IsTransient }];
        }

        if (Problem(name, catalog.Comment) is { } problem) return [problem];
        return [Verdicts.Passed(name, $"{settings.Catalog} is this instance's own"), await PrivilegesAsync(settings.CatalogName, DocumentedPrivileges.OnOwn, cancellationToken)];
    }

    private Check? Problem(string name, string? comment) => mark.OwnerOf(comment) switch
    {
        MarkOwner.ThisInstance => null,
        MarkOwner.OtherInstance => Verdicts.Failed(
            name, $"{settings.Catalog} belongs to another Sluice instance ({InstanceMark.InstanceOf(comment)})",
            "Each instance needs a catalog of its own: two on one would undo each other's policies. Name another one"),
        _ => Verdicts.Failed(
            name, $"{settings.Catalog} was not made by Sluice's setup script: it has no mark in its comment",
            "Name a catalog that does not exist yet, and run the script of POST /integrations/scripts/create for it"),
    };

    /// <summary>What the principal sees, and what it may do with it.</summary>
    public async Task<IReadOnlyList<Check>> GovernedAsync(CancellationToken cancellationToken)
    {
        const string name = "visible catalogs";
        IReadOnlyList<CatalogEntry> all;
        try
        {
            all = await catalogs.SeenAsync(cancellationToken);
        }
        catch (PlatformException e) when (Verdicts.IsAnswer(e))
        {
            return [Verdicts.Of(name, e, CheckStatus.Failed, "Catalogs can't be listed: see that the service principal belongs to this workspace, and that Unity Catalog is enabled in it")];
        }

        var seen = all.Where(catalogs.IsCrawled).ToList();
        if (seen.Count == 0)
        {
            var sees = all.Count == 0 ? "nothing" : string.Join(", ", all.Take(MostNamed).Select(c => ForeignWords.Bounded(c.Name)));
            return
            [
                Verdicts.Failed(
                    name, $"{principal ?? "The service principal"} sees no catalog to govern; it sees {sees}",
                    $"Remedy, as the owner of each catalog: {Grant(DocumentedPrivileges.OnGoverned, null)}"),
            ];
        }

        var checks = new List<Check> { Verdicts.Passed(name, $"{seen.Count}") };
        var looked = seen.Take(options.CheckedCatalogs).ToList();
        checks.AddRange(await Task.WhenAll(looked.Select(c => PrivilegesAsync(c.Name, DocumentedPrivileges.OnGoverned, cancellationToken))));
        if (looked.Count < seen.Count)
            checks.Add(new Check("privileges on other catalogs", CheckStatus.Skipped, $"{seen.Count - looked.Count} were not looked at", $"The first {looked.Count} are"));
        return checks;
    }

    private async Task<Check> PrivilegesAsync(string catalog, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        var name = $"privileges on catalog {catalog}";
        if (principal is null) return Verdicts.Skipped(name, "Whose credentials these are is not known");
        IReadOnlyList<string> held;
        try
        {
            held = await unity.PrivilegesAsync(catalog, principal, cancellationToken);
        }
        catch (PlatformException e) when (Verdicts.IsAnswer(e))
        {
            // Who may not look holds less than MANAGE, and perhaps more on schemas and tables.
            return Verdicts.Of(name, e, CheckStatus.Warning, $"What is held can't be read. The documented privileges: {Grant(wanted, catalog)}");
        }

        var missing = Missing(wanted, held);
        return missing.Count == 0
            ? Verdicts.Passed(name, string.Join(", ", wanted))
            : Verdicts.Warning(
                name, $"{string.Join(", ", missing)} missing on the catalog itself",
                $"Unless they are granted on its schemas and tables, Sluice can't govern what is in it. Remedy, as its owner: {Grant(missing, catalog)}");
    }

    private static IReadOnlyList<string> Missing(IReadOnlyList<string> wanted, IReadOnlyList<string> held)
    {
        var has = held.Select(p => p.Replace('_', ' ')).ToHashSet(StringComparer.OrdinalIgnoreCase);

        // ALL PRIVILEGES stands for every other one, but not for MANAGE (Databricks documentation, "Unity Catalog privileges").
        return [.. wanted.Where(p => !has.Contains(p) && (p == "MANAGE" || !has.Contains("ALL PRIVILEGES")))];
    }

    private string Grant(IReadOnlyList<string> privileges, string? catalog) =>
        $"GRANT {string.Join(", ", privileges)} ON CATALOG {(catalog is null ? "<catalog>" : Quoted(catalog))} TO {(principal is null ? "<service principal>" : Quoted(principal))}";

    private static string Quoted(string name) => Quote.NameProblem(name) is null ? Quote.Identifier(name) : "<name>";
}
