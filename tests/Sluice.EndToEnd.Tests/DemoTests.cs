using System.Diagnostics;

namespace Sluice.EndToEnd.Tests;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_tells_its_story_and_ends_well()
    {
        var start = new ProcessStartInfo("dotnet", [ServerProcess.Program, "demo"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var story = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(0, story + await error);
        story.ShouldContain("job completed");
        story.ShouldContain("legacy_lake");
        story.ShouldContain("demo-lake.sales.orders");
        story.ShouldContain("/docs");
    }
}
