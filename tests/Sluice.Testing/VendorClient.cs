using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Sluice.Testing;

/// <summary>A vendor's own client from npm that drives a stand-in: the folder VendorClient of a test project, with a lock file and drive.mjs.</summary>
public static class VendorClient
{
    /// <summary>Runs drive.mjs, which exits 0 when everything agrees. Packages are installed once, by the lock file; the folder keeps them.</summary>
    /// <param name="project">The test project's name.</param>
    /// <param name="package">A package of it, by which is told whether they are installed.</param>
    /// <param name="sandbox">What drive.mjs reads from SANDBOX, as JSON.</param>
    /// <param name="output">Is told what it wrote.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<int> DriveAsync(string project, string package, object sandbox, Action<string> output, CancellationToken cancellationToken)
    {
        if (!await IsInstalledAsync("node", cancellationToken) || !await IsInstalledAsync("npm", cancellationToken)) Requires.Absent("node and npm are not installed");
        var folder = Folder(project);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", package)))
        {
            Assert.Equal(0, await RunAsync(folder, output, new("npm", ["ci", "--no-audit", "--no-fund"]) { UseShellExecute = false }, cancellationToken));
        }

        return await RunAsync(folder, output, new("node", ["drive.mjs"]) { UseShellExecute = false, Environment = { ["SANDBOX"] = JsonSerializer.Serialize(sandbox) } }, cancellationToken);
    }

    /// <summary>The folder in the source tree, where node_modules stays from run to run.</summary>
    private static string Folder(string project)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", project, "VendorClient");
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

    private static async Task<int> RunAsync(string folder, Action<string> output, ProcessStartInfo start, CancellationToken cancellationToken)
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
}
