using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Sluice.Testing;

/// <summary>Packages from npm that tests use: a folder of a test project with a lock file. They are installed once, by the lock file; the folder keeps them.</summary>
internal static class NodePackages
{
    /// <summary>The folder in the source tree, its packages installed. Where node or npm is absent, the test is skipped.</summary>
    /// <param name="folder">Below tests/, such as <c>Sluice.X.Tests/VendorClient</c>.</param>
    /// <param name="package">A package of it, by which is told whether they are installed.</param>
    /// <param name="output">Is told what npm wrote.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<string> RequireAsync(string folder, string package, Action<string> output, CancellationToken cancellationToken)
    {
        if (await MissingAsync(cancellationToken) is { } reason) Requires.Absent(reason);
        var path = InSourceTree(folder);
        if (!Directory.Exists(Path.Combine(path, "node_modules", package)))
        {
            Assert.Equal(0, await RunAsync(path, output, new("npm", ["ci", "--no-audit", "--no-fund"]) { UseShellExecute = false }, cancellationToken));
        }

        return path;
    }

    /// <summary>Why nothing of npm can run on this machine; null when it can.</summary>
    public static async Task<string?> MissingAsync(CancellationToken cancellationToken) =>
        await IsInstalledAsync("node", cancellationToken) && await IsInstalledAsync("npm", cancellationToken) ? null : "node and npm are not installed";

    /// <summary>Runs a program there to its end.</summary>
    public static async Task<int> RunAsync(string folder, Action<string> output, ProcessStartInfo start, CancellationToken cancellationToken)
    {
        start.WorkingDirectory = folder;
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        output($"{start.FileName} {string.Join(' ', start.ArgumentList)}\n{await text}\n{await errors}");
        return process.ExitCode;
    }

    private static string InSourceTree(string folder)
    {
        for (var parent = new DirectoryInfo(AppContext.BaseDirectory); parent is not null; parent = parent.Parent)
        {
            var candidate = Path.Combine(parent.FullName, "tests", folder);
            if (File.Exists(Path.Combine(candidate, "package-lock.json"))) return candidate;
        }

        throw new DirectoryNotFoundException("The tests run outside their source tree.");
    }

    private static async Task<bool> IsInstalledAsync(string program, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
