// A list of authenticators as a company would write it in Node: express-openid-connect signs people in and keeps the
// token in its cookie, the list is asked for on every request and rendered on the server. One process for each core.
import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import express from "express";
import oidc from "express-openid-connect";

const { PORT, TENANT, CLIENT_ID, WORKERS = availableParallelism() } = process.env;

if (cluster.isPrimary) {
    for (let worker = 0; worker < WORKERS; worker += 1) cluster.fork();
} else {
    const app = express();
    app.set("view engine", "ejs");
    app.set("views", fileURLToPath(new URL(".", import.meta.url)));
    app.enable("view cache");
    app.use(oidc.auth({
        issuerBaseURL: TENANT,
        baseURL: `http://127.0.0.1:${PORT}`,
        clientID: CLIENT_ID,
        clientSecret: "a secret of the benchmark",
        secret: "a secret of the benchmark, for cookies",
        authorizationParams: {
            response_type: "code",
            response_mode: "query",
            scope: "openid profile email enroll read:authenticators remove:authenticators",
            audience: `${TENANT}/mfa/`,
        },
    }));
    app.get("/", async (request, response) => {
        const { access_token } = request.oidc.accessToken;
        const answer = await fetch(`${TENANT}/mfa/authenticators`, {
            headers: { authorization: `Bearer ${access_token}` },
        });
        if (!answer.ok) throw new Error(`the tenant answered by ${answer.status}`);
        response.render("list", { name: request.oidc.user.name, authenticators: await answer.json() });
    });
    app.listen(PORT, "127.0.0.1");
}
