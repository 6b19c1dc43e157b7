using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Sluice.Bench.Starting;

/// <summary>The web template's program: the least an ASP.NET Core app is.</summary>
internal static class EmptyApp
{
    public static async Task RunAsync(string url)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(url);
        await using var app = builder.Build();
        app.MapGet("/", () => "Hello World!");
        await app.RunAsync();
    }
}
