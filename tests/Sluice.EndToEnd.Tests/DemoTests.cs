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
        foreach (var connection in (string[])["demo-lake", "demo-snowflake", "demo-databricks"]) story.ShouldContain($"{connection}: job completed");
        story.ShouldContain("legacy_lake");
        story.ShouldContain("demo-lake.sales.customers");
        story.ShouldContain("demo-snowflake.SALES.CRM.CUSTOMERS");
        story.ShouldContain("demo-databricks.sales.customers.customers");
        story.ShouldContain("ada: 9 columns, without email; of customers_emea");
        story.ShouldContain("ben: 13 columns, with email; of customers_emea nothing");
        story.ShouldContain("dan: nothing");
        story.ShouldContain("demo-analysts");
        story.ShouldContain("on the platform: cannot enforce the masks of demo-pii as values");
        story.ShouldContain("ada: ***, ***, ***");
        story.ShouldContain("ben: ada@nordlicht.example, ben@maple.example, cara@ohara.example");
        story.ShouldContain("/docs");
    }
}
