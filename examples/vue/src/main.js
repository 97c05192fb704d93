import { createApp } from "vue";
import Security from "./Security.vue";

createApp(Security).mount("#root");
