using System.Diagnostics;
using CsCheck;
using Sluice.Core.Access;
using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Testing.Large;

namespace Sluice.Testing.OtherEngines;

/// <summary>Asks Cedar and Casbin what Sluice decided.</summary>
public static class EngineAgreement
{
    private const string Folder = "Sluice.Core.Tests/OtherEngines";
    private const uint Sampling = 4;

    /// <summary>Why the engines can't be asked on this machine; null when they can.</summary>
    public static async Task<string?> MissingAsync(CancellationToken cancellationToken) => await NodePackages.MissingAsync(cancellationToken);

    /// <summary>Samples decisions of a world, of those that are granted as many as of any, and has both engines decide them again.</summary>
    /// <param name="world">The world; its policies of the shared subset decide.</param>
    /// <param name="samples">How many decisions.</param>
    /// <param name="seed">Chooses them.</param>
    /// <param name="output">Is told what the engines said.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were granted, how many denied, and the exit code of the engines: 0 when all agree.</returns>
    public static async Task<(int Granted, int Denied, int ExitCode)> AskAsync(
        LargeWorld world, int samples, uint seed, Action<string> output, CancellationToken cancellationToken)
    {
        var policies = SharedSubset.Of(world.Policies);
        var decisions = Decide(world, policies, samples, seed);
        var folder = await NodePackages.RequireAsync(Folder, "casbin", output, cancellationToken);
        var file = Path.Combine(Path.GetTempPath(), $"sluice-decisions-{Environment.ProcessId}-{seed}-{samples}.json");
        await File.WriteAllTextAsync(file, DecisionExport.Write(policies, world.People, decisions), cancellationToken);
        try
        {
            var exitCode = await NodePackages.RunAsync(folder, output, new ProcessStartInfo("node", ["decide.mjs", file]) { UseShellExecute = false }, cancellationToken);
            return (decisions.Count(static d => d.MayRead), decisions.Count(static d => !d.MayRead), exitCode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static List<(Person Person, GovernedObject Table, bool MayRead)> Decide(LargeWorld world, IReadOnlyList<Policy> policies, int samples, uint seed)
    {
        var pcg = new PCG(Sampling, seed);
        var compiler = new AccessCompiler(policies);
        var audiences = new AudienceIndex(world.People);
        var byId = world.People.People.ToDictionary(static p => p.Id);
        var decisions = new List<(Person, GovernedObject, bool)>(samples);
        while (decisions.Count < samples)
        {
            var table = world.Objects[(int)pcg.Next((uint)world.Objects.Count)];
            var audience = audiences.Of(compiler.Compile(table).Read);
            var person = world.People.People[(int)pcg.Next((uint)world.People.People.Count)];
            // Most people may not read most tables, and that says little: of each other table a reader is asked about.
            if (decisions.Count % 2 == 0 && audiences.MembersOf(audience.Rule) is { Count: > 0 } readers) person = byId[readers[(int)pcg.Next((uint)readers.Count)]];
            // Whether somebody is disabled is nothing that the policies say.
            if (person.IsEnabled) decisions.Add((person, table, audience.Contains(person.Id)));
        }

        return decisions;
    }
}
