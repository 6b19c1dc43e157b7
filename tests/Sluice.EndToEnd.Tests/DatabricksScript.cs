using System.Text.RegularExpressions;
using Sluice.Sandbox.Databricks;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.EndToEnd.Tests;

/// <summary>A script as people run it: part by part, each by whom its head names, with what is to be put in put in.</summary>
internal sealed partial class DatabricksScript
{
    /// <summary>Holds CREATE CATALOG on the metastore, and no more.</summary>
    public const string Creator = "platform@acme.example";

    /// <summary>The catalogs that their owner lets Sluice govern.</summary>
    public static readonly IReadOnlyList<string> Governed = ["sales", "people", "web-analytics"];

    private const string Unfilled = "DEFAULT 'PUT-THE-APPLICATION-ID-HERE'";
    private readonly IReadOnlyList<Part> _parts;

    public DatabricksScript(string text) => _parts = [.. Cut(text)];

    /// <summary>A stand-in where the service principal may do nothing yet, and there is someone who may make catalogs.</summary>
    public static async Task<DatabricksSandbox> StartAsync(DatabricksSandboxOptions? options = null)
    {
        options ??= new DatabricksSandboxOptions();
        var sandbox = await DatabricksSandbox.StartAsync(options with
        {
            ServiceGrants = ServiceGrants.None,
            Principals = [.. options.Principals, new SandboxPrincipal { Name = Creator }],
        });
        sandbox.Change($"GRANT CREATE CATALOG ON METASTORE TO `{Creator}`");
        return sandbox;
    }

    /// <summary>Runs it as it is, with nothing put in.</summary>
    public async Task<string?> RunUnfilledAsync(DatabricksSandbox sandbox)
    {
        using var creator = new DatabricksPerson(sandbox, Creator);
        return await creator.RunAsync(_parts[0].Statements);
    }

    /// <summary>Runs the first part: the catalog.</summary>
    public async Task RunFirstAsync(DatabricksSandbox sandbox) => (await TryAsync(sandbox, _parts[0])).ShouldBeNull();

    /// <summary>Runs all parts.</summary>
    public async Task RunAsync(DatabricksSandbox sandbox) => (await TryAsync(sandbox)).ShouldBeNull();

    /// <summary>Runs the first part as somebody does who takes no heed of errors: on behind each of them, and then each statement alone.</summary>
    public async Task RunHeedlesslyAsync(DatabricksSandbox sandbox)
    {
        using var creator = new DatabricksPerson(sandbox, Creator);
        (await creator.RunAsync(Filled(sandbox, _parts[0]), goesOn: true)).ShouldNotBeNull();
        await creator.RunApartAsync(Filled(sandbox, _parts[0]));
    }

    /// <summary>Runs the parts up to the first that fails; null when none does, else what that one says.</summary>
    public async Task<string?> TryAsync(DatabricksSandbox sandbox)
    {
        foreach (var part in _parts)
            if (await TryAsync(sandbox, part) is { } failed) return $"part {part.Number}: {failed}";
        return null;
    }

    private static async Task<string?> TryAsync(DatabricksSandbox sandbox, Part part)
    {
        var name = part.Head switch
        {
            var head when head.Contains("metastore admin and an account admin", StringComparison.Ordinal) => SandboxCast.Administrator,
            var head when head.Contains("user with MANAGE on it", StringComparison.Ordinal) || head.Contains("the owner of the catalogs", StringComparison.Ordinal) => SandboxCast.Engineer,
            _ => Creator,
        };
        var statements = Filled(sandbox, part)
            .Concat(part.Templates.SelectMany(t => Governed.Select(c => t.Replace("`catalog`", $"`{c}`", StringComparison.Ordinal).Replace("`application-id`", $"`{sandbox.ClientId}`", StringComparison.Ordinal))));
        using var person = new DatabricksPerson(sandbox, name);
        return await person.RunAsync(statements);
    }

    private static IEnumerable<string> Filled(DatabricksSandbox sandbox, Part part) =>
        part.Statements.Select(s => s.Replace(Unfilled, $"DEFAULT '{sandbox.ClientId}'", StringComparison.Ordinal));

    // A statement ends with its line; what a person is to fill in for each catalog stands behind hyphens.
    private static IEnumerable<Part> Cut(string text)
    {
        var heads = Heading().Matches(text);
        for (var i = 0; i < heads.Count; i++)
        {
            var section = text[heads[i].Index..(i + 1 < heads.Count ? heads[i + 1].Index : text.Length)];
            var lines = section.Split('\n');
            var code = string.Join('\n', lines.Where(l => !l.StartsWith("--", StringComparison.Ordinal)));
            yield return new Part(
                int.Parse(heads[i].Groups["number"].Value),
                string.Join('\n', lines.Where(l => l.StartsWith("--", StringComparison.Ordinal))),
                [.. code.Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
                [.. lines.Where(l => l.StartsWith("-- GRANT ", StringComparison.Ordinal) || l.StartsWith("-- REVOKE ", StringComparison.Ordinal)).Select(l => l[3..].TrimEnd(';'))]);
        }
    }

    [GeneratedRegex(@"^-- (?<number>\d)\. ", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Heading();

    private sealed record Part(int Number, string Head, IReadOnlyList<string> Statements, IReadOnlyList<string> Templates);
}
