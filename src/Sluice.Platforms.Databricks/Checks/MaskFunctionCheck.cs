using Sluice.Core.Connections;
using Sluice.Core.Policies;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Checks;

/// <summary>
/// Checks whether the functions of custom masks can be called by the service principal, who owns the functions that mask: each is put into a query that gives no row, so that Databricks judges it and
/// none of it is run. That needs EXECUTE on the function, USE SCHEMA and USE CATALOG (https://docs.databricks.com/udf/unity-catalog).
/// </summary>
internal sealed class MaskFunctionCheck(ISqlEndpoint sql, string principal)
{
    private const int MostFunctions = 50;

    /// <summary>Checks.</summary>
    public async Task<Check?> RunAsync(IReadOnlyList<string> schemas, IReadOnlyList<MaskFunction.Custom> masks, string ownCatalog, CancellationToken cancellationToken)
    {
        var (names, problems) = new MaskFunctions(Technology.Databricks, schemas, ownCatalog).OfAll(masks);
        if (names.Count + problems.Count == 0) return null;
        var lacking = new List<string>(problems);
        foreach (var name in names.Take(MostFunctions))
        {
            try
            {
                await sql.ReadAsync($"SELECT {Quoted(name.Names)}(NULL) AS x FROM (SELECT 1 AS a) AS t WHERE false", cancellationToken);
            }
            catch (PlatformException e) when (Verdicts.IsAnswer(e))
            {
                if (e.IsTransient) return Verdicts.NotJustNow(IChecksMaskFunctions.CheckName, e);
                lacking.Add($"{name}: {e.Message.TrimEnd('.')}. Remedy, where it is there and takes one value: {Grants(name)}");
            }
        }

        return MaskFunctions.Told(Math.Min(names.Count, MostFunctions), lacking);
    }

    private string Grants(QualifiedName name)
    {
        var to = Quote.NameProblem(principal) is null ? Quote.Identifier(principal) : "<service principal>";
        return $"GRANT USE CATALOG ON CATALOG {Quoted(name.Names.Take(1))} TO {to}; GRANT USE SCHEMA ON SCHEMA {Quoted(name.Names.Take(2))} TO {to}; GRANT EXECUTE ON FUNCTION {Quoted(name.Names)} TO {to}";
    }

    private static string Quoted(IEnumerable<string> names) => string.Join('.', names.Select(Quote.Identifier));
}
