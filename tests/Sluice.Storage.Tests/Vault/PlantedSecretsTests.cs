using System.Text;
using Sluice.Core.Payloads;

namespace Sluice.Storage.Tests.Vault;

/// <summary>Plants a secret and keys everywhere, makes everything fail, and looks for them in every text that came of it.</summary>
public sealed class PlantedSecretsTests : IDisposable
{
    private const string Planted = "planted-8f14e45f";
    private readonly VaultScene _scene = new();
    private readonly List<string> _texts = [];

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task No_text_of_the_vault_shows_a_secret_or_a_key()
    {
        var server = _scene.Start();
        var secret = await server.SealAsync(Planted);
        _texts.Add(secret.ToString());
        _texts.Add(server.Vault.ToString()!);
        _texts.Add(new SecretInput.Literal(Planted).ToString());
        _texts.Add((await server.RotateAsync()).ToString());
        _texts.AddRange(_scene.Store.Keys.Select(k => k.ToString()));
        var keyFile = await File.ReadAllTextAsync(_scene.KeyPath);

        await FailAsync(() => server.OpenAsync(secret with { Field = "other" }));
        await FailAsync(() => server.OpenAsync(secret with { Ciphertext = [.. secret.Ciphertext, 1] }));
        await FailAsync(() => server.OpenAsync(secret with { Ciphertext = Encoding.UTF8.GetBytes(Planted) }));
        await FailAsync(() => server.SealReferenceAsync(Planted));
        await FailAsync(() => server.SealReferenceAsync($"env:{Planted}"));
        await FailAsync(() => server.ResolveAsync($"vault:{Planted}"));
        _scene.WriteSecret("large", string.Concat(Enumerable.Repeat(Planted, 5_000)));
        await FailAsync(() => server.ResolveAsync("file:large"));
        await File.WriteAllBytesAsync(Path.Join(_scene.Secrets, "binary"), [.. Encoding.UTF8.GetBytes(Planted), 0xFF]);
        await FailAsync(() => server.ResolveAsync("file:binary"));
        await FailAsync(() => server.Vault.SealAsync(Guid.Empty, "f", new SecretInput.Literal(Planted), CancellationToken.None));

        await File.WriteAllTextAsync(_scene.KeyPath, $"{keyFile}\n{Planted} {VaultScene.NewKey()}\n{Planted}");
        await FailAsync(_scene.Start().UnlockAsync);
        await FailAsync(server.RotateAsync);
        _scene.Options = _scene.Options with { KeyCommand = $"/bin/sh -c \"echo {Planted}; echo {Planted} >&2; exit 1\"" };
        await FailAsync(_scene.Start().UnlockAsync);
        _scene.Options = _scene.Options with { KeyCommand = null };
        _scene.Variables["SLUICE_VAULT_KEY"] = Planted;
        await FailAsync(_scene.Start().UnlockAsync);

        string[] hidden =
        [
            Planted, Convert.ToBase64String(Encoding.UTF8.GetBytes(Planted)),
            .. keyFile.Split('\n').Where(l => l is not ([] or ['#', ..])).Select(l => l.Split(' ')[1]),
        ];
        hidden.Length.ShouldBe(4);
        foreach (var text in _texts.Concat(_scene.Logs.Lines.Select(l => l.Text)))
        {
            foreach (var word in hidden) text.ShouldNotContain(word, Case.Insensitive);
        }
    }

    private async Task FailAsync(Func<Task> attempt)
    {
        var error = await Should.ThrowAsync<Exception>(attempt);
        for (var e = error; e is not null; e = e.InnerException) _texts.Add(e.ToString());
        _texts.AddRange(error.Data.Values.Cast<object?>().Select(v => v?.ToString() ?? ""));
    }
}
